#pragma once

namespace parley {

/// What a WebSocket message, and an Engine.IO message above it, may carry.
enum class MessageKind { text, binary };

}  // namespace parley
