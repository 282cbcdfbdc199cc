// base64 after RFC 4648: section 10's vectors, and a decoder that takes nothing else.

#include <parley/base/base64.hpp>

#include <gtest/gtest.h>

namespace parley {
namespace {

using namespace std::string_literals;

struct Vector {
  std::string bytes, text;
};

const Vector vectors[] = {
    {"", ""},
    {"f", "Zg=="},
    {"fo", "Zm8="},
    {"foo", "Zm9v"},
    {"foob", "Zm9vYg=="},
    {"fooba", "Zm9vYmE="},
    {"foobar", "Zm9vYmFy"},
    {"\x01\x02\x03\x04", "AQIDBA=="},
    {"\xff\xfe\0"s, "//4A"},
};

TEST(Base64, EncodesTheVectorsOfTheRfc) {
  for (const auto& [bytes, text] : vectors) EXPECT_EQ(base64_encode(bytes), text);
}

TEST(Base64, DecodesWhatItEncodes) {
  for (const auto& [bytes, text] : vectors) EXPECT_EQ(base64_decode(text), bytes);
}

TEST(Base64, RefusesEverythingElse) {
  for (const auto* text : {"Z", "Zg", "Zg=", "Zg==Zg==", "=", "====", "Zg=a",
                           "Zh==", "Zm9=", "Zm 9", "Zm9v\n", "Zm_v", "Zm9v===="})
    EXPECT_EQ(base64_decode(text), std::nullopt) << text;
}

}  // namespace
}  // namespace parley
