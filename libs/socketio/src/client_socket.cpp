#include "client_json.hpp"
#include "json.hpp"
#include "understand.hpp"

#include <parley/base/check.hpp>
#include <parley/socketio/client_socket.hpp>
#include <parley/socketio/msgpack.hpp>
#include <parley/socketio/values.hpp>

#include <algorithm>
#include <utility>

namespace parley::socketio::client {

namespace {

std::size_t size_of(const Arguments& arguments) {
  auto size = sizeof arguments + arguments.json.size();
  for (const auto& attachment : arguments.attachments) size += attachment.size();
  return size;
}

}  // namespace

Socket::Socket(SocketId id, std::string name, const Options& options)
    : id_{id}, name_{std::move(name)}, options_{options} {}

void Socket::show(std::string auth) {
  if (!auth.empty()) {
    const auto json = scan_json(auth);
    PARLEY_CHECK(json && json->value.kind == JsonKind::object);
  }
  auth_ = std::move(auth);
}

void Socket::leave(Outputs& outputs) {
  active_ = false;
  early_ = {};
  if (!is_connected()) return;
  send({.type = PacketType::disconnect, .name_space = name_}, {}, outputs);
  disconnect(DisconnectReason::io_client_disconnect, {}, outputs);
}

void Socket::connection_opened(ConnectionId connection, Outputs& outputs) {
  connection_ = connection;
  // A second CONNECT would cost the connection, even if the first one is no longer meant.
  if (is_connected() || std::exchange(asked_, true)) return;
  const auto payload = connect_payload(auth_, pid_, offset_);
  send({.type = PacketType::connect, .name_space = name_, .json = payload}, {}, outputs);
}

void Socket::connection_lost(DisconnectReason reason, const std::string& description,
                             bool will_retry, Outputs& outputs) {
  connection_.reset();
  asked_ = false;
  early_ = {};
  early_bytes_ = 0;
  if (is_connected()) {
    disconnect(reason, description, outputs);
  } else if (active_) {
    outputs.push(ConnectError{
        id_, description.empty() ? std::string{text(reason)} : description, {}, will_retry});
  }
}

bool Socket::receive(const Packet& packet, Time now, Outputs& outputs) {
  switch (packet.type) {
    case PacketType::connect:
      receive_connect(packet, now, outputs);
      return true;
    case PacketType::disconnect:
      active_ = false;
      if (is_connected()) {
        disconnect(DisconnectReason::io_server_disconnect, {}, outputs);
      } else if (std::exchange(asked_, false)) {
        outputs.push(ConnectError{id_, "the server left the namespace", {}, false});
      }
      return true;
    case PacketType::event:
    case PacketType::binary_event:
      return receive_event(packet, outputs);
    case PacketType::ack:
    case PacketType::binary_ack:
      receive_ack(packet, now, outputs);
      return true;
    case PacketType::connect_error:
      receive_connect_error(packet, outputs);
      return true;
  }
  return true;
}

void Socket::receive_connect(const Packet& packet, Time now, Outputs& outputs) {
  if (is_connected() || !std::exchange(asked_, false)) return;
  if (!active_) return send({.type = PacketType::disconnect, .name_space = name_}, {}, outputs);
  auto reply = read_connect_reply(packet.arguments.json);
  if (reply.sid.empty()) {
    active_ = false;
    outputs.push(
        ConnectError{id_, "the server speaks another protocol than Socket.IO 5", {}, false});
    return;
  }
  sid_ = std::move(reply.sid);
  recovered_ = !reply.pid.empty() && reply.pid == pid_;
  if (!recovered_) offset_.clear();
  pid_ = std::move(reply.pid);
  outputs.push(Connected{id_, sid_, recovered_});

  for (auto& event : std::exchange(early_, {})) deliver(std::move(event), outputs);
  early_bytes_ = 0;
  for (const auto& [arguments, ack] : std::exchange(buffer_, {})) {
    buffered_bytes_ -= size_of(arguments);
    send_event(arguments, ack, outputs);
  }
  send_next_retried(now, outputs);
}

void Socket::receive_connect_error(const Packet& packet, Outputs& outputs) {
  if (!std::exchange(asked_, false) || !std::exchange(active_, false)) return;
  auto [message, data] = read_refusal(packet.arguments.json);
  outputs.push(ConnectError{id_, std::move(message), std::move(data), false});
}

bool Socket::receive_event(const Packet& packet, Outputs& outputs) {
  Early event{std::string{packet.event}, packet.arguments.kept(), packet.ack};
  if (is_connected()) {
    deliver(std::move(event), outputs);
  } else if (asked_ && active_) {
    early_bytes_ += size_of(event.arguments);
    if (early_bytes_ > options_.early_events_max) return false;
    early_.push_back(std::move(event));
  }
  return true;
}

void Socket::deliver(Early event, Outputs& outputs) {
  // What asks for an acknowledgement is never kept by a server.
  if (!pid_.empty() && !event.ack) {
    if (const auto offset = last_string(event.arguments.json)) offset_ = *offset;
  }
  std::optional<AckTicket> ticket;
  if (event.ack) ticket = AckTicket{*connection_, *event.ack};
  outputs.push(Received{id_, std::move(event.event), std::move(event.arguments), ticket});
}

void Socket::receive_ack(const Packet& packet, Time now, Outputs& outputs) {
  if (!packet.ack || !awaited_.contains(*packet.ack) || !is_connected()) return;
  forget_ack(*packet.ack);
  auto answer = packet.arguments.kept();
  if (is_retried(*packet.ack)) return end_retried(std::move(answer), now, outputs);
  outputs.push(Acknowledged{id_, *packet.ack, std::move(answer)});
}

void Socket::disconnect(DisconnectReason reason, std::string description, Outputs& outputs) {
  sid_.clear();
  outputs.push(Disconnected{id_, reason, std::move(description)});
  fail_acks(outputs);
}

Result<std::optional<AckId>, EmitFault> Socket::emit(Arguments arguments, EmitOptions wishes,
                                                     Time now, Outputs& outputs) {
  if (const auto may = may_emit(arguments); !may) return std::unexpected{may.error()};
  const auto size = size_of(arguments);
  const bool goes_now = is_connected() && !options_.retries;
  if (!goes_now && buffered_bytes_ + size > options_.send_buffer_max)
    return std::unexpected{EmitFault::buffer_full};

  std::optional<AckId> ack;
  if (options_.retries) {
    if (wishes.wants_ack) ack = AckId{next_ack_++};
    retried_.push_back({std::move(arguments), ack, wishes.ack_limit});
    buffered_bytes_ += size;
    send_next_retried(now, outputs);
    return ack;
  }
  if (wishes.wants_ack) ack = await_ack(wishes.ack_limit, now);
  if (goes_now) {
    send_event(arguments, ack, outputs);
  } else {
    buffer_.push_back({std::move(arguments), ack});
    buffered_bytes_ += size;
  }
  return ack;
}

Result<void, EmitFault> Socket::emit_volatile(const Arguments& arguments, Line line,
                                              Outputs& outputs) {
  if (auto may = may_emit(arguments); !may) return may;
  if (is_connected() && line == Line::free) send_event(arguments, std::nullopt, outputs);
  return {};
}

Result<void, EmitFault> Socket::may_emit(const Arguments& arguments) const {
  if (arguments.attachments.size() > options_.max_attachments)
    return std::unexpected{EmitFault::too_many_attachments};
  if (is_reserved_event(Json{arguments.json}[0].as<std::string>().value_or("")))
    return std::unexpected{EmitFault::reserved_event};
  return {};
}

void Socket::acknowledge(AckTicket ticket, const Arguments& arguments, Outputs& outputs) {
  if (!is_connected() || connection_ != ticket.connection) return;
  send({.type = arguments.attachments.empty() ? PacketType::ack : PacketType::binary_ack,
        .attachments = arguments.attachments.size(),
        .name_space = name_,
        .ack = ticket.ack,
        .json = arguments.json},
       arguments.attachments, outputs);
}

void Socket::advance(Time now, Outputs& outputs) {
  while (!deadlines_.empty() && deadlines_.begin()->first <= now)
    time_out(deadlines_.begin()->second, now, outputs);
}

std::optional<Time> Socket::wake_at() const {
  if (deadlines_.empty()) return std::nullopt;
  return deadlines_.begin()->first;
}

AckId Socket::await_ack(std::optional<Duration> limit, Time now) {
  const AckId ack{next_ack_++};
  std::optional<Time> deadline;
  if (!limit) limit = options_.ack_timeout;
  if (limit) {
    deadline = now + *limit;
    deadlines_.emplace(*deadline, ack);
  }
  awaited_.emplace(ack, deadline);
  return ack;
}

void Socket::forget_ack(AckId ack) {
  const auto awaited = awaited_.find(ack);
  if (awaited->second) deadlines_.erase({*awaited->second, ack});
  awaited_.erase(awaited);
}

void Socket::time_out(AckId ack, Time now, Outputs& outputs) {
  forget_ack(ack);
  if (is_retried(ack)) {
    auto& first = retried_.front();
    first.sent_as.reset();
    if (first.tries <= *options_.retries) return send_next_retried(now, outputs);
    return end_retried(std::unexpected{AckFault::timed_out}, now, outputs);
  }
  const auto buffered = std::ranges::find(buffer_, ack, &Buffered::ack);
  if (buffered != buffer_.end()) {
    buffered_bytes_ -= size_of(buffered->arguments);
    buffer_.erase(buffered);
  }
  outputs.push(Acknowledged{id_, ack, std::unexpected{AckFault::timed_out}});
}

// Of what was sent. What is still kept will be sent when the socket is connected again.
void Socket::fail_acks(Outputs& outputs) {
  std::vector<AckId> sent;
  for (const auto& [ack, deadline] : awaited_)
    if (std::ranges::find(buffer_, ack, &Buffered::ack) == buffer_.end()) sent.push_back(ack);
  for (const auto ack : sent) {
    forget_ack(ack);
    if (is_retried(ack)) {
      auto& first = retried_.front();
      first.sent_as.reset();
      if (first.tries > *options_.retries)
        end_retried(std::unexpected{AckFault::disconnected}, Time{}, outputs);
    } else {
      outputs.push(Acknowledged{id_, ack, std::unexpected{AckFault::disconnected}});
    }
  }
}

bool Socket::is_retried(AckId ack) const {
  return !retried_.empty() && retried_.front().sent_as == ack;
}

void Socket::send_next_retried(Time now, Outputs& outputs) {
  if (!is_connected() || retried_.empty()) return;
  auto& first = retried_.front();
  if (first.sent_as) return;
  ++first.tries;
  first.sent_as = await_ack(first.limit, now);
  send_event(first.arguments, first.sent_as, outputs);
}

void Socket::end_retried(Result<Arguments, AckFault> answer, Time now, Outputs& outputs) {
  const auto first = std::move(retried_.front());
  retried_.pop_front();
  buffered_bytes_ -= size_of(first.arguments);
  if (first.ack) outputs.push(Acknowledged{id_, *first.ack, std::move(answer)});
  send_next_retried(now, outputs);
}

void Socket::send(const Header& header, const std::vector<std::string>& attachments,
                  Outputs& outputs) const {
  if (options_.parser == Parser::msgpack)
    return outputs.push(
        Send{*connection_, MessageKind::binary, encode_msgpack(header, attachments)});
  outputs.push(Send{*connection_, MessageKind::text, encode(header)});
  for (const auto& attachment : attachments)
    outputs.push(Send{*connection_, MessageKind::binary, attachment});
}

void Socket::send_event(const Arguments& arguments, std::optional<AckId> ack,
                        Outputs& outputs) const {
  send({.type = arguments.attachments.empty() ? PacketType::event : PacketType::binary_event,
        .attachments = arguments.attachments.size(),
        .name_space = name_,
        .ack = ack,
        .json = arguments.json},
       arguments.attachments, outputs);
}

}  // namespace parley::socketio::client
