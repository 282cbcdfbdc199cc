#include "frame_deflater.hpp"

namespace parley::net {

std::optional<std::string_view> FrameDeflater::frame(MessageKind kind, const Payload& payload) {
  const auto source = payload.view();
  if (source_.data() == source.data() && source_.size() == source.size()) return frame_;
  source_ = source;
  frame_.reset();
  if (const auto deflated = deflater_.deflate(source, arena_)) {
    const websocket::FrameHeader header{websocket::opcode_of(kind), deflated->size(), std::nullopt,
                                        websocket::Compression::deflate};
    frame_ = deflated->preceded_by(header.bytes()).view();
  }
  return frame_;
}

void FrameDeflater::forget() {
  source_ = {};
  arena_.reset();
}

}  // namespace parley::net
