#pragma once

#include <string_view>

namespace parley::websocket {

/// True if `text` is well-formed UTF-8 (RFC 3629): what a text message must be.
bool is_utf8(std::string_view text);

}  // namespace parley::websocket
