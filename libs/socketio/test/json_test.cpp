// Our JSON checker, against RFC 8259, against what JSON.parse takes beyond the habits of other
// parsers, and against simdjson on every small change of valid texts.

#include "../src/json.hpp"

#include <gtest/gtest.h>
#include <simdjson.h>

#include <string>

namespace parley::socketio {
namespace {

TEST(Json, TakesEveryKindOfValue) {
  for (const auto* json : {"{}", "[]", "\"\"", "0", "-0", "1.5e+3", "1E9", "true", "false", "null",
                           R"( { "a" : [ 1 , { } , "b" ] , "c" : null } )", "\t[1]\r\n"}) {
    EXPECT_TRUE(scan_json(json)) << json;
  }
}

TEST(Json, RefusesWhatIsNoJson) {
  for (const auto* json : {"",
                           " ",
                           "{",
                           "[",
                           "]",
                           "[1",
                           "[1,]",
                           "[,1]",
                           "[1 2]",
                           "{\"a\"}",
                           "{\"a\":}",
                           "{\"a\":1,}",
                           "{a:1}",
                           "{1:1}",
                           "\"",
                           "\"a",
                           "'a'",
                           "\"\\x\"",
                           "\"\\u12\"",
                           "\"\\u12g4\"",
                           "\"\\",
                           "01",
                           "1.",
                           ".5",
                           "+1",
                           "-",
                           "1e",
                           "1e+",
                           "tru",
                           "nul",
                           "True",
                           "NaN",
                           "undefined",
                           "[1]]",
                           "{} {}",
                           "[1]x",
                           "\"a\nb\"",
                           "\"a\x1e"
                           "b\"",
                           "//",
                           "[1]\f"}) {
    EXPECT_FALSE(scan_json(json)) << json;
  }
}

TEST(Json, TakesWhatJavaScriptWritesAndOthersRefuse) {
  EXPECT_TRUE(scan_json("100000000000000000000"));  // JSON.stringify(1e20)
  EXPECT_TRUE(scan_json("1e400"));
  EXPECT_TRUE(scan_json(R"("\ud83d")"));  // half an emoji
}

TEST(Json, NestingIsLimited) {
  EXPECT_TRUE(scan_json(std::string(500, '[') + std::string(500, ']')));
  EXPECT_FALSE(scan_json(std::string(600, '[') + std::string(600, ']')));
  EXPECT_FALSE(scan_json(std::string(100'000, '[')));
}

TEST(Json, TellsTheFirstElementOfAnArray) {
  EXPECT_EQ(scan_json(R"([ "a\n" , 1])")->first->text, R"("a\n")");
  EXPECT_EQ(scan_json("[[2],1]")->first->text, "[2]");
  EXPECT_EQ(scan_json("[7]")->first->kind, JsonKind::number);
  EXPECT_FALSE(scan_json("[]")->first);
  EXPECT_FALSE(scan_json(R"({"a":[1]})")->first);
}

TEST(Json, FindsThePlaceholdersOfAttachments) {
  const auto end = [](std::string_view json) { return scan_json(json)->placeholders_end; };
  EXPECT_EQ(end("[1]"), 0u);
  EXPECT_EQ(end(R"([{"_placeholder":true,"num":0}])"), 1u);
  EXPECT_EQ(end(R"([{"a":{"num":4,"_placeholder":true}},{"_placeholder":true,"num":1}])"), 5u);
  EXPECT_EQ(end(R"([{"\u005fplaceholder":true,"num":2}])"), 3u);
  EXPECT_EQ(end(R"([{"_placeholder":false,"num":9}])"), 0u);
  EXPECT_EQ(end(R"([{"num":9}])"), 0u);
  for (const auto* bad :
       {R"([{"_placeholder":true}])", R"([{"_placeholder":true,"num":-1}])",
        R"([{"_placeholder":true,"num":"0"}])", R"([{"_placeholder":true,"num":0.5}])"}) {
    EXPECT_EQ(end(bad), static_cast<std::size_t>(-1)) << bad;
  }
}

TEST(Json, Unescapes) {
  EXPECT_EQ(unescaped(R"("signal")"), "signal");
  EXPECT_EQ(unescaped(R"("\u0073ignal")"), "signal");
  EXPECT_EQ(unescaped(R"("\"\\\/\b\f\n\r\t")"), "\"\\/\b\f\n\r\t");
  EXPECT_EQ(unescaped(R"("\u00e9\u20AC\ud83d\ude00")"), "é€😀");
  EXPECT_EQ(unescaped(R"("\ud83d")"), "\xef\xbf\xbd");
  EXPECT_EQ(unescaped(R"("\ude00\ud83d!")"), "\xef\xbf\xbd\xef\xbf\xbd!");
  EXPECT_EQ(unescaped(R"("\ud83d\u0041")"),
            "\xef\xbf\xbd"
            "A");
}

TEST(Json, Quotes) {
  EXPECT_EQ(quoted("not authorized"), R"("not authorized")");
  EXPECT_EQ(quoted("a\"b\\c\b\f\n\r\t\x1f é"), R"("a\"b\\c\b\f\n\r\t\u001f é")");
}

bool agrees_with_simdjson(simdjson::dom::parser& parser, const std::string& json) {
  if (!simdjson::validate_utf8(json)) return true;  // the decoder has refused it before
  const auto error = parser.parse(json).error();
  const bool ours = scan_json(json).has_value();
  // The two known differences, on purpose: numbers that no double holds, and lone surrogates.
  if (error == simdjson::NUMBER_ERROR || error == simdjson::STRING_ERROR) return true;
  return ours == (error == simdjson::SUCCESS);
}

TEST(Json, AgreesWithSimdjsonOnEveryChangeOfOneByte) {
  simdjson::dom::parser parser;
  for (const std::string seed :
       {R"(["signal",{"sdp":{"type":"offer","sdp":"v=0\r\no=- 1 2"}}])",
        R"( [ -1.5e+10 , true,false ,null, "\u00e9\\", {"a":{}} ,[[]] ] )"}) {
    for (std::size_t at = 0; at < seed.size(); ++at) {
      for (int byte = 0; byte < 256; ++byte) {
        auto changed = seed;
        changed[at] = static_cast<char>(byte);
        EXPECT_TRUE(agrees_with_simdjson(parser, changed)) << changed;
        auto grown = seed;
        grown.insert(at, 1, static_cast<char>(byte));
        EXPECT_TRUE(agrees_with_simdjson(parser, grown)) << grown;
      }
      EXPECT_TRUE(agrees_with_simdjson(parser, std::string{seed}.erase(at, 1)));
      EXPECT_TRUE(agrees_with_simdjson(parser, seed.substr(0, at)));
    }
  }
}

}  // namespace
}  // namespace parley::socketio
