#pragma once

#include <string_view>

namespace parley {

/// How much a client wants a content coding, from 0 (not at all) to 1000, by the value of its
/// Accept-Encoding (RFC 9110, section 12.5.3). What it does not name it does not want, unless it
/// says "*". Nonsense counts as not named.
int coding_weight(std::string_view accept_encoding, std::string_view coding);

}  // namespace parley
