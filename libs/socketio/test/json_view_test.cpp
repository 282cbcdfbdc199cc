// Looking at JSON values and reading them into types, against RFC 8259 and against what JSON.parse
// and JavaScript's lookups make of the same texts.

#include <parley/socketio/values.hpp>

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

namespace parley::socketio {
namespace {

template <class T>
auto read(std::string_view json) {
  return Json::parse(json)->as<T>();
}

constexpr auto missing = std::unexpected{JsonFault::missing};
constexpr auto wrong_kind = std::unexpected{JsonFault::wrong_kind};
constexpr auto out_of_range = std::unexpected{JsonFault::out_of_range};

TEST(JsonView, TellsTheKindOfAValue) {
  EXPECT_EQ(Json{}.kind(), JsonKind::undefined);
  EXPECT_EQ(Json{"null"}.kind(), JsonKind::null);
  EXPECT_EQ(Json{"true"}.kind(), JsonKind::boolean);
  EXPECT_EQ(Json{"false"}.kind(), JsonKind::boolean);
  EXPECT_EQ(Json{"-1"}.kind(), JsonKind::number);
  EXPECT_EQ(Json{"\"\""}.kind(), JsonKind::string);
  EXPECT_EQ(Json{"[]"}.kind(), JsonKind::array);
  EXPECT_EQ(Json{" {} "}.kind(), JsonKind::object);
}

TEST(JsonView, TakesOnlyTextsThatAreJsonInUtf8) {
  EXPECT_EQ(Json::parse(" [1] ")->text(), "[1]");
  EXPECT_FALSE(Json::parse("[1"));
  EXPECT_FALSE(Json::parse(""));
  EXPECT_FALSE(Json::parse("\"\xff\""));
}

TEST(JsonView, LooksUpMembersWhereverTheyStand) {
  const Json json{R"( { "a" : {"b\n": [1, {"c":"}]"}]} , "\u0064" :2, "e\\":3 } )"};
  EXPECT_EQ(json["a"]["b\n"][1]["c"].text(), R"("}]")");
  EXPECT_EQ(json["d"].text(), "2");
  EXPECT_EQ(json["e\\"].text(), "3");
  EXPECT_EQ(json.size(), 3u);
}

TEST(JsonView, WhatIsNotThereIsUndefinedAllAlong) {
  const Json json{R"({"a":[1]})"};
  for (const auto absent : {json["b"], json["a"][1], json["a"]["x"], json[0], json["b"]["c"][7]})
    EXPECT_EQ(absent, Json{});
}

TEST(JsonView, TheLastOfTwoMembersOfOneNameCounts) {
  EXPECT_EQ(Json{R"({"a":1,"a":2})"}["a"].text(), "2");
  EXPECT_EQ((read<std::map<std::string, int>>(R"({"a":1,"a":2})")),
            (std::map<std::string, int>{{"a", 2}}));
}

TEST(JsonView, GoesThroughElementsAndMembersInOrder) {
  std::string seen;
  for (const auto element : Json{R"([1, "a]\"", [2,[]] ,{} ])"}.elements())
    seen.append(element.text()).append(" ");
  EXPECT_EQ(seen, R"(1 "a]\"" [2,[]] {} )");

  seen.clear();
  for (const auto& [key, value] : Json{R"({"b":1 , "\u0061": [true] })"}.members())
    seen.append(key.view()).append("=").append(value.text()).append(" ");
  EXPECT_EQ(seen, "b=1 a=[true] ");
}

TEST(JsonView, NothingButArraysHasElementsAndNothingButObjectsMembers) {
  for (const auto* json : {"{\"a\":1}", "\"ab\"", "12", "null", "[]"})
    EXPECT_EQ(Json{json}.elements().begin(), std::default_sentinel) << json;
  for (const auto* json : {"[1]", "\"ab\"", "12", "null", "{}"})
    EXPECT_EQ(Json{json}.members().begin(), std::default_sentinel) << json;
}

TEST(JsonView, ReadsBooleansAndNothingInTheirPlace) {
  EXPECT_EQ(read<bool>("true"), true);
  EXPECT_EQ(read<bool>("false"), false);
  EXPECT_EQ(read<bool>("1"), wrong_kind);
  EXPECT_EQ(read<bool>("null"), wrong_kind);
  EXPECT_EQ(Json{}.as<bool>(), missing);
}

TEST(JsonView, ReadsIntegersThatTheTypeHolds) {
  EXPECT_EQ(read<std::int64_t>("-9223372036854775808"), INT64_MIN);
  EXPECT_EQ(read<std::int64_t>("9223372036854775808"), out_of_range);
  EXPECT_EQ(read<std::uint64_t>("18446744073709551615"), UINT64_MAX);
  EXPECT_EQ(read<std::uint64_t>("18446744073709551616"), out_of_range);
  EXPECT_EQ(read<std::uint64_t>("-1"), out_of_range);
  EXPECT_EQ(read<int>("2147483648"), out_of_range);
  EXPECT_EQ(read<std::uint8_t>("255"), 255);
  EXPECT_EQ(read<std::uint8_t>("256"), out_of_range);
  EXPECT_EQ(read<long long>("-7"), -7);
  EXPECT_EQ(read<int>("\"7\""), wrong_kind);
}

TEST(JsonView, AnIntegerMayBeWrittenAsAnyNumber) {
  EXPECT_EQ(read<int>("1e3"), 1000);
  EXPECT_EQ(read<int>("5.0"), 5);
  EXPECT_EQ(read<std::uint64_t>("-0"), 0u);
  EXPECT_EQ(read<int>("1.5"), out_of_range);
  EXPECT_EQ(read<int>("1e400"), out_of_range);
  EXPECT_EQ(read<std::int64_t>("1e19"), out_of_range);
  EXPECT_EQ(read<std::uint64_t>("1e19"), 10'000'000'000'000'000'000u);
}

TEST(JsonView, ReadsNumbersAsJavaScriptDoes) {
  EXPECT_EQ(read<double>("0.1"), 0.1);
  EXPECT_EQ(read<double>("100000000000000000000"), 1e20);
  EXPECT_EQ(read<float>("0.5"), 0.5F);
  EXPECT_TRUE(std::signbit(*read<double>("-0")));
  EXPECT_EQ(read<double>("1e400"), HUGE_VAL);
  EXPECT_EQ(read<double>("-1e400"), -HUGE_VAL);
  EXPECT_EQ(read<double>("1e-400"), 0.0);
  EXPECT_EQ(read<double>("1e99999999999999999999"), HUGE_VAL);
  EXPECT_EQ(read<double>("1e-99999999999999999999"), 0.0);
  EXPECT_EQ(read<double>("1" + std::string(400, '0')), HUGE_VAL);
  EXPECT_EQ(read<double>("0." + std::string(400, '0') + "1"), 0.0);
  EXPECT_EQ(read<double>("0." + std::string(400, '0') + "1e401"), 1.0);
}

TEST(JsonView, ReadsStringsWithoutTheirEscapes) {
  EXPECT_EQ(read<std::string>(R"("a\u00e9\n\"")"), "aé\n\"");
  EXPECT_EQ(read<std::string>(R"("\ud83d")"), "\xef\xbf\xbd");
  EXPECT_EQ(read<std::string>("1"), wrong_kind);
}

TEST(JsonView, ATextIsAViewUnlessThereAreEscapes) {
  const std::string_view plain = R"("no escapes at all in here")";
  EXPECT_EQ(Json{plain}.as<Text>()->view().data(), plain.data() + 1);
  const auto text = read<Text>(R"("tab\t")");
  const auto moved = text;  // what it owns goes with it
  EXPECT_EQ(*moved, "tab\t");
  EXPECT_EQ(read<Text>("[]").error(), JsonFault::wrong_kind);
}

TEST(JsonView, ReadsContainers) {
  EXPECT_EQ(read<std::vector<int>>("[1,2,3]"), (std::vector{1, 2, 3}));
  EXPECT_EQ(read<std::vector<int>>("[1,\"2\"]"), wrong_kind);
  EXPECT_EQ(read<std::vector<int>>("{}"), wrong_kind);
  EXPECT_EQ((read<std::map<std::string, bool>>(R"({"a\n":true})")),
            (std::map<std::string, bool>{{"a\n", true}}));
  EXPECT_EQ((read<std::tuple<int, std::string>>(R"([1,"a",null])")), (std::tuple{1, "a"}));
  EXPECT_EQ((read<std::tuple<int, std::string>>("[1]")), missing);
}

TEST(JsonView, AnOptionalIsEmptyForNullAndForNothing) {
  EXPECT_EQ(read<std::optional<int>>("null").value(), std::nullopt);
  EXPECT_EQ(Json{}.as<std::optional<int>>().value(), std::nullopt);
  EXPECT_EQ(read<std::optional<int>>("3").value(), 3);
  EXPECT_EQ(read<std::optional<int>>("\"3\""), wrong_kind);
}

TEST(JsonView, BytesAreTheAttachmentThatAPlaceholderNames) {
  const std::vector<std::string> attachments{"zero", "one"};
  const Json json{
      R"([{"a":{"num":1,"_placeholder":true}},{"_placeholder":true,"num":2},{"num":0}])",
      attachments};
  EXPECT_EQ(json[0]["a"].as<Bytes>(), Bytes{"one"});
  EXPECT_EQ(json[1].as<Bytes>(), wrong_kind);  // in a text that was not a packet's
  EXPECT_EQ(json[2].as<Bytes>(), wrong_kind);
  EXPECT_EQ(json[3].as<Bytes>(), missing);
}

// A type of an application.
struct Point {
  int x = 0;
  int y = 0;
  bool operator==(const Point&) const = default;
};
Result<void, JsonFault> from_json(Json json, Point& point) {
  return json.read("x", point.x, "y", point.y);
}

TEST(JsonView, ReadsTypesOfTheApplication) {
  EXPECT_EQ(read<Point>(R"({"y":2,"z":{},"x":1})"), (Point{1, 2}));
  EXPECT_EQ(read<Point>(R"({"y":2})"), missing);
  EXPECT_EQ(read<Point>("[1,2]"), wrong_kind);
  EXPECT_EQ(read<std::vector<Point>>(R"([{"x":1,"y":2}])"), (std::vector{Point{1, 2}}));
}

TEST(JsonArguments, AreWhatTheHandlerTakes) {
  const Json json{R"(["move",1,"a",{"k":[]}])"};
  EXPECT_EQ((arguments_as<int, std::string, Json>(json, 1)),
            (std::tuple{1, std::string{"a"}, Json{R"({"k":[]})"}}));
  EXPECT_EQ((arguments_as<int>(json, 1)), std::tuple{1});
  EXPECT_EQ(arguments_as<>(json, 1), std::tuple{});
}

TEST(JsonArguments, ThatAreMissingAreUndefined) {
  EXPECT_EQ((arguments_as<std::optional<int>, Json>(Json{"[\"move\"]"}, 1)),
            (std::tuple{std::optional<int>{}, Json{}}));
  EXPECT_EQ((arguments_as<int>(Json{"[]"}, 1)),
            (std::unexpected{ArgumentFault{0, JsonFault::missing}}));
}

TEST(JsonArguments, TheFirstThatDoesNotFitIsTheFault) {
  EXPECT_EQ((arguments_as<int, int, int>(Json{R"(["move",1,"2"])"}, 1)),
            (std::unexpected{ArgumentFault{1, JsonFault::wrong_kind}}));
}

}  // namespace
}  // namespace parley::socketio
