// Any target is taken apart, decoding never makes it longer, and each key gives its last value.

#include "input.hpp"

#include <parley/base/check.hpp>
#include <parley/base/http.hpp>

#include <map>
#include <string>

using namespace parley;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto target = fuzz::Input{data, size}.rest();
  const Query query{target};
  std::map<std::string, std::string> last;
  std::size_t bytes = 0;
  for (const auto& [key, value] : query.entries()) {
    last[key] = value;
    bytes += key.size() + value.size();
  }
  PARLEY_CHECK(bytes <= target.size());
  for (const auto& [key, value] : last) PARLEY_CHECK(query.get(key) == value);
  PARLEY_CHECK(list_contains(target, "upgrade") ==
               list_contains(std::string{target} + ",", "UPGRADE"));
  return 0;
}
