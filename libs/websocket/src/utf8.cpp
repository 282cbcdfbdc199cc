#include <parley/websocket/utf8.hpp>

#include <simdjson.h>

namespace parley::websocket {

bool is_utf8(std::string_view text) { return simdjson::validate_utf8(text.data(), text.size()); }

}  // namespace parley::websocket
