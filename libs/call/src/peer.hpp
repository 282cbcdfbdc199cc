#pragma once

#include "negotiation.hpp"

#include <parley/call/command.hpp>
#include <parley/call/engine.hpp>
#include <parley/flow/mailbox.hpp>
#include <parley/flow/task.hpp>

#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace parley::call {

/// Why a step of a flow failed.
enum class Errc { operation_failed = 1 };
std::error_code make_error_code(Errc code) noexcept;

/// One peer connection and the steps that the flows are made of. It listens from its construction:
/// what the other side sends early waits for the step that needs it.
///
/// The engine owns it and all that it refers to, and ends the flow before it.
class Peer {
 public:
  struct Context {
    Scheduler& scheduler;
    flow::Event<Scheduler>& media_ready;
    std::deque<Command>& commands;
    Counts& counts;
    std::size_t signals_max;
  };

  Peer(ConnectionId id, Role role, Context context);

  // Each ends when the host has reported its result, or when the flow is cancelled: when the other
  // one leaves, when the line is lost, at the next introduction.
  flow::task<> get_media_stream();
  flow::task<> send_offer();
  flow::task<> get_remote_sdp();
  flow::task<> send_answer();

  void receive(Description description);
  void receive(std::string candidate);

  // The host's answer to an operation. One that nobody waits for is left out.
  void description_made(Description description);
  void remote_description_set();
  void operation_failed(std::string message);

  ConnectionId id() const { return id_; }

  // What has become of it, kept by the engine.
  ConnectionState state = ConnectionState::fresh;
  bool shows_picture = false;
  bool refused_offer = false;  // the last one; another may come
  bool negotiated = false;     // both descriptions are there: it can come up without the line

 private:
  enum class Operation { none, make_description, set_remote };

  flow::task<bool> set_next_remote_sdp();
  flow::task<Description> perform(Operation operation, Command command);
  flow::task<> send_local_description(Command command);
  void add_media();
  void finish(Operation operation, flow::Result<Description> result);
  bool takes_candidates() const;
  void release_candidates();

  ConnectionId id_;
  Context context_;
  Negotiation negotiation_;
  flow::Mailbox<Description, Scheduler> descriptions_;
  flow::Mailbox<flow::Result<Description>, Scheduler> results_;
  Operation pending_ = Operation::none;
  bool media_added_ = false;
  bool remote_is_set_ = false;
  std::vector<std::string> candidates_;  // until the description that they belong to is set
};

}  // namespace parley::call

template <>
struct std::is_error_code_enum<parley::call::Errc> : std::true_type {};
