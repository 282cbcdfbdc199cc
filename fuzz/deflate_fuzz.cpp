// Any bytes: what they inflate to stays within the limit, and what is deflated inflates to itself.

#include "input.hpp"

#include <parley/base/check.hpp>
#include <parley/websocket/deflate.hpp>

#include <string>

using namespace parley;
using namespace parley::websocket;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Inflater inflater;
  static Deflater deflater;
  fuzz::Input input{data, size};
  const std::size_t bytes_max = input.byte() * 40U;
  const auto bytes = input.rest();

  // Whatever the message before was, the outcome is the same.
  const auto inflated = inflater.inflate(bytes, bytes_max);
  const auto first =
      inflated ? std::string{*inflated} : std::to_string(static_cast<int>(inflated.error()));
  PARLEY_CHECK(!inflated || inflated->size() <= bytes_max);
  const auto again = Inflater{}.inflate(bytes, bytes_max);
  PARLEY_CHECK(again.has_value() == inflated.has_value());

  const auto message = inflated ? first : std::string{bytes};
  Arena arena;
  if (const auto payload = deflater.deflate(message, arena)) {
    PARLEY_CHECK(payload->size() < message.size());
    PARLEY_CHECK(inflater.inflate(payload->view(), message.size()) == message);
    PARLEY_CHECK(!inflater.inflate(payload->view(), message.size() - 1));
  }
  return 0;
}
