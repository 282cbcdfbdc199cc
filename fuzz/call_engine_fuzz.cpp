// Any events, at any times, from an unkind host, server and other side: the engine speaks only of
// the one connection that is open, opens none while one is, adds media once and asks for one
// operation at a time, and in the end, once the other one has left and the time is up, it waits for
// nothing.

#include "input.hpp"

#include <parley/base/check.hpp>
#include <parley/call/engine.hpp>

#include <optional>
#include <string>
#include <utility>

using namespace parley;
using namespace parley::call;

namespace {

class World {
 public:
  void act(fuzz::Input& input) {
    now_ += Duration{input.byte() * 20};
    // The host's wake-up comes first: nobody reports on what nobody has been told to do.
    engine_.advance(now_);
    check();
    engine_.receive(event(input), now_);
    check();
    if (const auto at = engine_.wake_at()) PARLEY_CHECK(*at > now_);
  }

  void finish() {
    engine_.receive(MediaReady{}, now_);
    engine_.receive(Left{}, now_);
    check();
    PARLEY_CHECK(!engine_.wake_at());
  }

 private:
  Event event(fuzz::Input& input) {
    const auto choice = input.byte();
    switch (choice % 16) {
      case 0:
        return LineUp{};
      case 1:
        return LineDown{};
      case 2:
        return Identified{static_cast<Role>(input.byte() % 2)};
      case 3:
        return Left{};
      case 4:
        return RemoteDescription{description(input)};
      case 5:
        return RemoteCandidate{std::string{input.take(input.byte() % 8)}};
      case 6:
        return SignalNotUnderstood{};
      case 7:
        return MediaReady{};
      case 8:
        return MediaFailed{static_cast<MediaFault>(input.byte() % 5)};
      case 9:
        return MediaRetry{};
      default:
        return report(choice % 16, input);
    }
  }

  Event report(int kind, fuzz::Input& input) {
    const auto id = connection(input);
    switch (kind) {
      case 10:
        done(id, Operation::make);
        return LocalDescription{id, description(input)};
      case 11:
        done(id, Operation::set);
        return RemoteDescriptionSet{id};
      case 12:
        done(id, operation_);
        return OperationFailed{id, "no"};
      case 13:
        return LocalCandidate{id, "candidate"};
      case 14:
        return ConnectionStateChanged{id, static_cast<ConnectionState>(input.byte() % 6)};
      default:
        return RemoteFrame{id};
    }
  }

  static Description description(fuzz::Input& input) {
    return {static_cast<DescriptionType>(input.byte() % 4), "sdp"};
  }
  // Mostly the one that is open.
  ConnectionId connection(fuzz::Input& input) {
    const auto choice = input.byte();
    return open_ && choice % 4 != 0 ? *open_ : ConnectionId{choice};
  }

  enum class Operation { none, make, set };

  void done(ConnectionId id, Operation operation) {
    if (open_ == id && operation_ == operation) operation_ = Operation::none;
  }
  void begin(ConnectionId id, Operation operation) {
    PARLEY_CHECK(open_ == id);
    PARLEY_CHECK(operation_ == Operation::none);
    operation_ = operation;
  }

  void check() {
    while (const auto command = engine_.poll())
      std::visit([this](const auto& c) { heard(c); }, *command);
  }

  void heard(const GetMedia&) {}
  void heard(const OpenConnection& c) {
    PARLEY_CHECK(!open_);
    PARLEY_CHECK(c.connection > last_);
    open_ = last_ = c.connection;
    operation_ = Operation::none;
    has_media_ = false;
  }
  void heard(const AddMedia& c) {
    PARLEY_CHECK(open_ == c.connection);
    PARLEY_CHECK(!std::exchange(has_media_, true));
  }
  void heard(const CreateOffer& c) { begin(c.connection, Operation::make); }
  void heard(const CreateAnswer& c) { begin(c.connection, Operation::make); }
  void heard(const SetRemote& c) { begin(c.connection, Operation::set); }
  void heard(const AddCandidate& c) { PARLEY_CHECK(open_ == c.connection); }
  void heard(const CloseConnection& c) {
    PARLEY_CHECK(open_ == c.connection);
    open_.reset();
  }
  void heard(const SendDescription&) { PARLEY_CHECK(open_.has_value()); }
  void heard(const SendCandidate&) { PARLEY_CHECK(open_.has_value()); }
  void heard(const Tell& c) {
    PARLEY_CHECK(told_ != c);
    told_ = c;
  }

  Time now_{};
  Engine engine_{now_, {.signals_max = 4}};
  std::optional<ConnectionId> open_;
  ConnectionId last_{};
  Operation operation_ = Operation::none;
  bool has_media_ = false;
  std::optional<Tell> told_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input{data, size};
  World world;
  while (!input.empty()) world.act(input);
  world.finish();
  return 0;
}
