#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace parley {

/// Standard base64 with padding (RFC 4648, section 4).
std::string base64_encode(std::string_view bytes);

/// Empty unless `text` is exactly what base64_encode() writes: whole groups of four, padding only
/// at the end and with its unused bits zero, no white space.
std::optional<std::string> base64_decode(std::string_view text);

}  // namespace parley
