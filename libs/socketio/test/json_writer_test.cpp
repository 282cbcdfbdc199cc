// Writing JSON, against what JSON.stringify writes (ECMA-262) and Socket.IO's placeholders.

#include <parley/socketio/values.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace parley::socketio {
namespace {

template <class... T>
std::string written(const T&... values) {
  std::string text;
  JsonWriter{text}.array(values...);
  return text;
}

TEST(JsonWriter, WritesEveryKindOfValue) {
  EXPECT_EQ(written(), "[]");
  EXPECT_EQ(written(nullptr, true, false, 1, -2L, 3U, 0.5, "a", std::string{"b"}),
            R"([null,true,false,1,-2,3,0.5,"a","b"])");
  EXPECT_EQ(written(std::vector<int>{1, 2}, std::vector<bool>{true}, std::vector<int>{}),
            "[[1,2],[true],[]]");
  EXPECT_EQ(written(std::map<std::string, double>{{"a", 1.5}, {"b", 2}}), R"([{"a":1.5,"b":2}])");
  EXPECT_EQ(written(std::tuple{1, "a", std::tuple{}}), R"([[1,"a",[]]])");
  EXPECT_EQ(written(Text{std::string_view{"view"}}), R"(["view"])");
}

TEST(JsonWriter, WritesNumbersAsJavaScriptDoes) {
  EXPECT_EQ(written(0.0, -0.0, 0.1, 1e21, 1e-7, 123e-20, 1.5e300),  // JSON.stringify of the same
            "[0,0,0.1,1e+21,1e-7,1.23e-18,1.5e+300]");
  EXPECT_EQ(written(1e20, 123456789012345680000.0, 0.000001, 0.00000123, -1234.5, 100.0),
            "[100000000000000000000,123456789012345680000,0.000001,0.00000123,-1234.5,100]");
  EXPECT_EQ(written(5e-324, std::numeric_limits<double>::max(), 0.1 + 0.2),
            "[5e-324,1.7976931348623157e+308,0.30000000000000004]");
  constexpr auto infinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(written(std::numeric_limits<double>::quiet_NaN(), infinity, -infinity),
            "[null,null,null]");
}

TEST(JsonWriter, WritesIntegersExactly) {
  EXPECT_EQ(written(INT64_MIN, UINT64_MAX, std::uint8_t{7}),
            "[-9223372036854775808,18446744073709551615,7]");
}

TEST(JsonWriter, EscapesWhatJavaScriptEscapes) {
  EXPECT_EQ(written("\"\\\b\f\n\r\t\x01\x1f\x7f/"), R"(["\"\\\b\f\n\r\t\u0001\u001f)"
                                                    "\x7f/\"]");
  EXPECT_EQ(written("é 😀\u2028"), "[\"é 😀\u2028\"]");
}

TEST(JsonWriter, WhatIsNoUtf8BecomesTheReplacementCharacter) {
  EXPECT_EQ(written("a\xff"
                    "b\xc3"),
            "[\"a\ufffd"
            "b\ufffd\"]");
  EXPECT_EQ(written("\xed\xa0\x80é"), "[\"\ufffd\ufffd\ufffdé\"]");  // half an emoji
  EXPECT_EQ(written("\xf0\x9f\x98"), "[\"\ufffd\ufffd\ufffd\"]");
}

TEST(JsonWriter, UndefinedIsNullInAnArrayAndLeftOutOfAnObject) {
  EXPECT_EQ(written(std::optional<int>{}, Json{}, std::optional{1}), "[null,null,1]");
  std::string text;
  JsonWriter{text}.object("a", std::optional<int>{}, "b", Json{}, "c", nullptr, "d", 1);
  EXPECT_EQ(text, R"({"c":null,"d":1})");
}

TEST(JsonWriter, WritesPieceByPieceBehindWhatIsThere) {
  std::string text = "42";
  JsonWriter writer{text};
  writer.begin_array();
  writer.value("[");
  writer.begin_object();
  writer.member("a\n", 1);
  writer.member("b", std::vector<int>{});
  writer.end_object();
  writer.begin_object();
  writer.end_object();
  writer.end_array();
  EXPECT_EQ(text, R"(42["[",{"a\n":1,"b":[]},{}])");
}

struct Point {
  int x;
  int y;
};
void to_json(JsonWriter& json, const Point& point) { json.object("x", point.x, "y", point.y); }

TEST(JsonWriter, WritesTypesOfTheApplication) {
  EXPECT_EQ(written(Point{1, 2}, std::vector{Point{3, 4}}), R"([{"x":1,"y":2},[{"x":3,"y":4}]])");
}

TEST(JsonWriter, BytesBecomePlaceholdersAndAttachments) {
  std::string text;
  JsonWriter writer{text};
  writer.array("file", Bytes{"one"}, std::map<std::string, Bytes>{{"b", {""}}});
  EXPECT_EQ(text, R"(["file",{"_placeholder":true,"num":0},{"b":{"_placeholder":true,"num":1}}])");
  EXPECT_EQ(writer.attachments(), (std::vector<std::string_view>{"one", ""}));
}

TEST(JsonWriter, AValueThatCameIsWrittenAsItStands) {
  EXPECT_EQ(written(Json{R"({ "a" : 1e2 })"}), R"([{ "a" : 1e2 }])");
  EXPECT_EQ(written(Json{R"({"_placeholder":true,"num":0})"}),
            R"([{"_placeholder":true,"num":0}])");  // not in a packet with attachments
}

TEST(JsonWriter, AttachmentsOfAValueThatCameGoWithItAndAreNumberedAnew) {
  const std::vector<std::string> attachments{"zero", "one", "two"};
  const Json came{R"(["x",{"a": {"num":2, "_placeholder":true}},{"_placeholder":true,"num":0,)"
                  R"("in":{"_placeholder":true,"num":1}} , {"_placeholder":true,"num":2}])",
                  attachments};
  std::string text;
  JsonWriter writer{text};
  writer.array(Bytes{"new"}, came);
  EXPECT_EQ(text, R"([{"_placeholder":true,"num":0},["x",{"a": {"_placeholder":true,"num":1}},)"
                  R"({"_placeholder":true,"num":2} , {"_placeholder":true,"num":1}]])");
  EXPECT_EQ(writer.attachments(), (std::vector<std::string_view>{"new", "two", "zero"}));
}

TEST(JsonWriter, AnAttachmentThatIsNamedOftenGoesOnce) {
  const std::vector<std::string> attachments{std::string(1'000, 'x')};
  std::string many = "[";
  for (int n = 0; n < 1'000; ++n) many += R"({"_placeholder":true,"num":0},)";
  many.back() = ']';
  std::string text;
  JsonWriter writer{text};
  writer.array(Json{many, attachments}, Bytes{attachments[0]});
  EXPECT_EQ(text, '[' + many + R"(,{"_placeholder":true,"num":0}])");
  EXPECT_EQ(writer.attachments(), (std::vector<std::string_view>{attachments[0]}));
}

}  // namespace
}  // namespace parley::socketio
