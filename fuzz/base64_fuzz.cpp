// Any bytes come back from base64 as they were, and text that is taken is the text we would write.

#include "input.hpp"

#include <parley/base/base64.hpp>
#include <parley/base/check.hpp>

using namespace parley;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = fuzz::Input{data, size}.rest();
  PARLEY_CHECK(base64_decode(base64_encode(bytes)) == bytes);
  if (const auto decoded = base64_decode(bytes)) PARLEY_CHECK(base64_encode(*decoded) == bytes);
  return 0;
}
