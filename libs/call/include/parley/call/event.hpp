#pragma once

#include <cstdint>
#include <string>
#include <variant>

namespace parley::call {

/// Which of the two flows a side follows: the first to arrive calls, the second receives.
enum class Role { caller, receiver };

/// One peer connection. Numbers are never used again, so what comes late from one that was closed
/// is recognised.
enum class ConnectionId : std::uint32_t {};

/// W3C WebRTC, RTCSdpType.
enum class DescriptionType { offer, answer, pranswer, rollback };

struct Description {
  DescriptionType type{};
  std::string sdp;

  bool operator==(const Description&) const = default;
};

/// W3C WebRTC, RTCPeerConnectionState; `fresh` is its "new".
enum class ConnectionState { fresh, connecting, connected, disconnected, failed, closed };

/// Why there is no camera: the error names of getUserMedia, and a page that is not secure.
enum class MediaFault { not_allowed, not_found, not_readable, insecure, other };

// What the host tells the engine. The line is the connection to the server, which the host makes
// again by itself when it is lost.

struct LineUp {};
struct LineDown {};
/// The server has introduced us to another one.
struct Identified {
  Role role{};
};
/// The other one has left.
struct Left {};

// Signals of the other one. A candidate is the JSON text of an RTCIceCandidateInit.
struct RemoteDescription {
  Description description;
};
struct RemoteCandidate {
  std::string candidate;
};
struct SignalNotUnderstood {};

// The answers to GetMedia, and the person's wish to try again after a fault.
struct MediaReady {};
struct MediaFailed {
  MediaFault fault{};
};
struct MediaRetry {};

// What a connection reports. An operation is CreateOffer, CreateAnswer or SetRemote: the host
// answers each with its result or with OperationFailed.
struct LocalDescription {
  ConnectionId connection{};
  Description description;
};
struct RemoteDescriptionSet {
  ConnectionId connection{};
};
struct OperationFailed {
  ConnectionId connection{};
  std::string message;
};
struct LocalCandidate {
  ConnectionId connection{};
  std::string candidate;
};
struct ConnectionStateChanged {
  ConnectionId connection{};
  ConnectionState state{};
};
/// The first picture of the other one was shown.
struct RemoteFrame {
  ConnectionId connection{};
};

using Event = std::variant<LineUp, LineDown, Identified, Left, RemoteDescription, RemoteCandidate,
                           SignalNotUnderstood, MediaReady, MediaFailed, MediaRetry,
                           LocalDescription, RemoteDescriptionSet, OperationFailed, LocalCandidate,
                           ConnectionStateChanged, RemoteFrame>;

}  // namespace parley::call
