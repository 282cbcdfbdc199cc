// The engine behind a few C functions: what a page, or any host of the module, needs to carry
// events in and commands out. Kinds and numbers are the positions in the variants and enums of
// event.hpp and command.hpp; client/src/engine.ts has the same lists. Text is UTF-8. The module
// imports nothing.

#include <parley/call/engine.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>

using namespace parley;
using namespace parley::call;

namespace {

/// What poll() gives, as the host reads it from memory: six 32 bit words.
struct Polled {
  std::uint32_t kind;
  std::uint32_t connection;
  std::uint32_t number;   // a type of description or a status
  std::uint32_t problem;  // of a status
  const char* text;
  std::size_t text_size;
};
static_assert(sizeof(Polled) == 24);

/// Floors, so that a deadline is never reached before its time.
Time time(double milliseconds) { return Time{Duration{static_cast<Duration::rep>(milliseconds)}}; }

/// What comes with an event besides its kind; which of it means something depends on the kind.
struct Arguments {
  ConnectionId connection;
  std::uint32_t number;
  std::string text;
};

template <class Enum>
Enum enum_at(std::uint32_t number, Enum last) {
  return static_cast<Enum>(std::min(number, static_cast<std::uint32_t>(last)));
}
DescriptionType type(const Arguments& with) {
  return enum_at(with.number, DescriptionType::rollback);
}

void fill(LineUp&, Arguments&) {}
void fill(LineDown&, Arguments&) {}
void fill(Left&, Arguments&) {}
void fill(SignalNotUnderstood&, Arguments&) {}
void fill(MediaReady&, Arguments&) {}
void fill(MediaRetry&, Arguments&) {}
void fill(Identified& event, Arguments& with) { event.role = enum_at(with.number, Role::receiver); }
void fill(MediaFailed& event, Arguments& with) {
  event.fault = enum_at(with.number, MediaFault::other);
}
void fill(RemoteDescription& event, Arguments& with) {
  event.description = {type(with), std::move(with.text)};
}
void fill(RemoteCandidate& event, Arguments& with) { event.candidate = std::move(with.text); }
void fill(RemoteDescriptionSet& event, Arguments& with) { event.connection = with.connection; }
void fill(RemoteFrame& event, Arguments& with) { event.connection = with.connection; }
void fill(LocalDescription& event, Arguments& with) {
  event = {with.connection, {type(with), std::move(with.text)}};
}
void fill(OperationFailed& event, Arguments& with) {
  event = {with.connection, std::move(with.text)};
}
void fill(LocalCandidate& event, Arguments& with) {
  event = {with.connection, std::move(with.text)};
}
void fill(ConnectionStateChanged& event, Arguments& with) {
  event = {with.connection, enum_at(with.number, ConnectionState::closed)};
}

template <std::size_t kind = 0>
std::optional<Event> make_event(std::size_t wanted, Arguments& with) {
  if constexpr (kind == std::variant_size_v<Event>) {
    return std::nullopt;
  } else {
    if (wanted != kind) return make_event<kind + 1>(wanted, with);
    std::variant_alternative_t<kind, Event> event;
    fill(event, with);
    return event;
  }
}

void show(const GetMedia&, Polled&) {}
void show(const AddCandidate& command, Polled& out) {
  out.connection = static_cast<std::uint32_t>(command.connection);
  out.text = command.candidate.data();
  out.text_size = command.candidate.size();
}
void show(const Description& description, Polled& out) {
  out.number = static_cast<std::uint32_t>(description.type);
  out.text = description.sdp.data();
  out.text_size = description.sdp.size();
}
void show(const SetRemote& command, Polled& out) {
  out.connection = static_cast<std::uint32_t>(command.connection);
  show(command.description, out);
}
void show(const SendDescription& command, Polled& out) { show(command.description, out); }
void show(const SendCandidate& command, Polled& out) {
  out.text = command.candidate.data();
  out.text_size = command.candidate.size();
}
void show(const Tell& command, Polled& out) {
  out.number = static_cast<std::uint32_t>(command.status);
  out.problem = static_cast<std::uint32_t>(command.problem);
}
void show(const auto& command, Polled& out) {
  out.connection = static_cast<std::uint32_t>(command.connection);
}

}  // namespace

extern "C" {

/// One engine with the memory that it shares with its host.
struct ParleyCall {
  explicit ParleyCall(Time now) : engine{now} {}

  Engine engine;
  std::string input;
  std::optional<Command> command;
  Polled polled{};
};

ParleyCall* parley_call_create(double now) { return new ParleyCall{time(now)}; }

/// Room for the text of the next event.
char* parley_call_input(ParleyCall* call, std::size_t size) {
  call->input.resize(size);
  return call->input.data();
}

/// Takes the text of parley_call_input() with it. An unknown kind is left out.
void parley_call_receive(ParleyCall* call, std::uint32_t kind, std::uint32_t connection,
                         std::uint32_t number, double now) {
  Arguments with{ConnectionId{connection}, number, std::exchange(call->input, {})};
  if (auto event = make_event(kind, with)) call->engine.receive(*std::move(event), time(now));
}

void parley_call_advance(ParleyCall* call, double now) { call->engine.advance(time(now)); }

/// The next command, until the next call of this; null if there is none.
const Polled* parley_call_poll(ParleyCall* call) {
  call->command = call->engine.poll();
  if (!call->command) return nullptr;
  call->polled = {};
  call->polled.kind = static_cast<std::uint32_t>(call->command->index());
  std::visit([call](const auto& command) { show(command, call->polled); }, *call->command);
  return &call->polled;
}

/// Not a number if there is nothing to wait for.
double parley_call_wake_at(ParleyCall* call) {
  const auto at = call->engine.wake_at();
  return at ? static_cast<double>(at->time_since_epoch().count())
            : std::numeric_limits<double>::quiet_NaN();
}
}
