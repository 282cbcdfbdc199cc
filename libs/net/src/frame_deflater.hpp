#pragma once

#include <parley/base/arena.hpp>
#include <parley/base/message.hpp>
#include <parley/websocket/deflate.hpp>

#include <optional>
#include <string_view>

namespace parley::net {

/// permessage-deflate for all WebSockets of a thread. What goes to many at once is compressed once,
/// because no connection has a context of its own.
class FrameDeflater {
 public:
  /// The whole frame of `payload`, compressed; empty if that would not be shorter. It holds until
  /// forget().
  std::optional<std::string_view> frame(MessageKind kind, const Payload& payload);

  /// What was shown so far has been sent, and what stood there may be written over.
  void forget();

  websocket::Inflater& inflater() { return inflater_; }

 private:
  websocket::Inflater inflater_;
  websocket::Deflater deflater_;
  Arena arena_;
  // The last answer, and to what.
  std::string_view source_;
  std::optional<std::string_view> frame_;
};

}  // namespace parley::net
