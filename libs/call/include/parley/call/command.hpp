#pragma once

#include <parley/call/event.hpp>

#include <string>
#include <variant>

namespace parley::call {

/// What a person is told. Of several things that are true, the one that is in the way.
enum class Status { reaching_server, waiting_for_other, asking_for_camera, connecting, connected };

/// Why the status is not a better one.
enum class Problem {
  none,
  server_lost,
  other_left,
  camera_not_allowed,
  camera_not_found,
  camera_busy,
  insecure_page,
  camera_other,
  taking_long,
  no_path,
  negotiation_failed,
};

// What the engine tells the host to do. Commands are carried out in order; an operation on a
// connection may still be under way when the next command comes.

/// Answered by MediaReady or MediaFailed.
struct GetMedia {
  bool operator==(const GetMedia&) const = default;
};
struct OpenConnection {
  ConnectionId connection{};
  bool operator==(const OpenConnection&) const = default;
};
/// Adds every local track.
struct AddMedia {
  ConnectionId connection{};
  bool operator==(const AddMedia&) const = default;
};
/// Creates the offer and sets it as the local description; CreateAnswer alike.
struct CreateOffer {
  ConnectionId connection{};
  bool operator==(const CreateOffer&) const = default;
};
struct CreateAnswer {
  ConnectionId connection{};
  bool operator==(const CreateAnswer&) const = default;
};
struct SetRemote {
  ConnectionId connection{};
  Description description;
  bool operator==(const SetRemote&) const = default;
};
/// Not an operation: a candidate that cannot be added is no reason to stop, and not reported.
struct AddCandidate {
  ConnectionId connection{};
  std::string candidate;
  bool operator==(const AddCandidate&) const = default;
};
struct CloseConnection {
  ConnectionId connection{};
  bool operator==(const CloseConnection&) const = default;
};
struct SendDescription {
  Description description;
  bool operator==(const SendDescription&) const = default;
};
struct SendCandidate {
  std::string candidate;
  bool operator==(const SendCandidate&) const = default;
};
struct Tell {
  Status status{};
  Problem problem{};
  bool operator==(const Tell&) const = default;
};

using Command =
    std::variant<GetMedia, OpenConnection, AddMedia, CreateOffer, CreateAnswer, SetRemote,
                 AddCandidate, CloseConnection, SendDescription, SendCandidate, Tell>;

}  // namespace parley::call
