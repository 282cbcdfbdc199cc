#pragma once

#include <parley/base/arena.hpp>
#include <parley/base/http.hpp>
#include <parley/base/result.hpp>
#include <parley/websocket/frame.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

// permessage-deflate (RFC 7692), without context takeover in either direction: each message is
// compressed for itself. So a thread needs one Deflater and one Inflater for all its connections, a
// connection remembers nothing but that it was agreed, and a message for many is compressed once.

namespace parley::websocket {

/// The value of Sec-WebSocket-Extensions that accepts the first offer of `request` that we can
/// keep; empty if there is none: the connection then goes without. An offer that restricts our
/// window to less than Deflater's is one that we cannot keep.
std::optional<std::string> accept_deflate(const HttpRequest& request);

/// Compresses messages (RFC 7692, section 7.2.1). One thread's.
class Deflater {
 public:
  Deflater();
  ~Deflater();

  /// The payload of a frame with RSV1 set, in `arena`; empty if it would not be shorter.
  std::optional<Payload> deflate(std::string_view message, Arena& arena);

 private:
  struct Stream;
  std::unique_ptr<Stream> stream_;
};

/// Decompresses messages (RFC 7692, section 7.2.2). One thread's.
class Inflater {
 public:
  Inflater();
  ~Inflater();

  /// The message that `payload` stands for; it holds until the next call. No more than `bytes_max`
  /// is ever reserved for it, whatever the payload would grow to: message_too_big.
  /// invalid_payload if it is no whole message, or refers to one before it.
  Result<std::string_view, CloseCode> inflate(std::string_view payload, std::size_t bytes_max);

 private:
  struct Stream;

  std::optional<CloseCode> add(std::string_view compressed, std::size_t bytes_max);
  void make_room(std::size_t bytes_max);

  std::unique_ptr<Stream> stream_;
  std::string buffer_;
  std::size_t size_ = 0;    // of the message so far, at the front of the buffer
  bool has_ended_ = false;  // the last block said that it is the last
};

}  // namespace parley::websocket
