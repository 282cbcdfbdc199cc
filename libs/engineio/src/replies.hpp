#pragma once

#include <parley/base/http.hpp>
#include <parley/engineio/options.hpp>
#include <parley/engineio/packet.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace parley::engineio {

/// Why a request is turned away before it reaches a session: Engine.IO's error table, and our own
/// reasons.
enum class Fault {
  unknown_transport,
  unknown_sid,
  bad_handshake_method,
  bad_request,
  forbidden,
  unsupported_protocol,
  foreign_page,
  too_many_sessions,
};

struct Refusal {
  Refusal(Fault why);  // with the table's text
  Refusal(Fault why, std::string its_message) : fault{why}, message{std::move(its_message)} {}

  unsigned code() const;

  Fault fault;
  std::string message;
};

using Fields = std::vector<HttpField>;

/// To a plain HTTP request: {"code":…,"message":…}. `fields` are sent besides.
HttpResponse refusal_response(const Refusal& refusal, Fields fields);

/// To a request for a WebSocket: the bare text.
HttpResponse upgrade_refusal_response(const Refusal& refusal, Fields fields);

/// To a poll: `packets` as the body, in the format that `dialect` has for them.
HttpResponse payload_response(Dialect dialect, std::span<const Packet> packets, Fields fields);

/// To a POST whose packets were taken.
HttpResponse ok_response(Fields fields);

HttpResponse empty_response(unsigned status, Fields fields);

/// The data of a session's first packet: what the client must know of it.
std::string open_data(std::string_view sid, Transport transport, const Options& options);

/// The value of Set-Cookie (RFC 6265, section 4.1.1).
std::string cookie_value(const Cookie& cookie, std::string_view sid);

}  // namespace parley::engineio
