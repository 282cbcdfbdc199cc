// Functions with callbacks that become functions of tasks: the options are those of asynquence's
// "wrap", but for generators and "this", which are the language's in C++.

#include "steps.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <memory>

namespace parley::flow {
namespace {

const std::unexpected<Error> io_failure{Error{io_error}};

struct WrapTest : testing::Test {
  TestScheduler scheduler;
};

void divide(int dividend, int divisor, const std::function<void(std::error_code, int)>& callback) {
  if (divisor == 0) return callback(std::make_error_code(std::errc::argument_out_of_domain), 0);
  callback({}, dividend / divisor);
}

TEST_F(WrapTest, TheCallbackIsTheLastArgumentAndErrorFirstUnlessSaidOtherwise) {
  auto divided = wrap<int>(scheduler, divide);
  EXPECT_EQ(Running{divided(7, 2)}.outcome(), Result<int>{3});
  const Result<int> failed =
      std::unexpected{Error{std::make_error_code(std::errc::argument_out_of_domain)}};
  EXPECT_EQ(Running{divided(7, 0)}.outcome(), failed);
}

TEST_F(WrapTest, TheCallbackMayBeTheFirstArgument) {
  constexpr CallbackStyle style{.place = CallbackPlace::first};
  auto flipped = wrap<int, style>(
      scheduler, [](auto callback, int number) { callback(std::error_code{}, -number); });
  EXPECT_EQ(Running{flipped(4)}.outcome(), Result<int>{-4});
}

TEST_F(WrapTest, ASplitFunctionHasACallbackForSuccessAndOneForFailure) {
  constexpr CallbackStyle style{.shape = CallbackShape::split};
  auto positive = wrap<int, style>(scheduler, [](int number, auto success, auto failure) {
    number > 0 ? success(number) : failure(io_error);
  });
  EXPECT_EQ(Running{positive(4)}.outcome(), Result<int>{4});
  EXPECT_EQ(Running{positive(-4)}.outcome(), Result<int>{io_failure});
}

TEST_F(WrapTest, ASplitFunctionMayTakeItsCallbacksFirstAndFailWithContext) {
  constexpr CallbackStyle style{.place = CallbackPlace::first, .shape = CallbackShape::split};
  auto failing = wrap<int, style>(scheduler, [](auto /*success*/, auto failure, const char* why) {
    failure(Error{io_error, why});
  });
  const Result<int> failed = std::unexpected{Error{io_error, "the cable"}};
  EXPECT_EQ(Running{failing("the cable")}.outcome(), failed);
}

TEST_F(WrapTest, ASimpleFunctionKnowsNoFailure) {
  constexpr CallbackStyle style{.shape = CallbackShape::simple};
  auto asked = wrap<std::string, style>(
      scheduler, [](const std::string& name, auto callback) { callback("hello " + name); });
  EXPECT_EQ(Running{asked(std::string{"you"})}.outcome(), Result<std::string>{"hello you"});
}

TEST_F(WrapTest, AFunctionWithoutAValueSaysOnlyWhetherItFailed) {
  auto close = wrap(scheduler, [](std::error_code error, auto callback) { callback(error); });
  EXPECT_EQ(Running{close(std::error_code{})}.outcome(), Result<>{});
  EXPECT_EQ(Running{close(io_error)}.outcome(), Result<>{io_failure});
}

class Line {
 public:
  using Callback = std::function<void(std::error_code, std::string)>;

  void read(std::size_t size, Callback callback) {
    size_ = size;
    reader_ = std::move(callback);
  }
  void receive(const std::string& text) { reader_({}, text.substr(0, size_)); }
  void drop() { reader_ = nullptr; }

 private:
  std::size_t size_ = 0;
  Callback reader_;
};

struct WrapLineTest : WrapTest {
  Line line;
  task<std::string> read(std::size_t size) {
    auto reading = wrap<std::string>(scheduler, &Line::read);
    return reading(&line, size);
  }
};

TEST_F(WrapLineTest, AMemberFunctionTakesItsObjectFirst) {
  const Running flow{read(3)};
  line.receive("abcdef");
  EXPECT_FALSE(flow.outcome());
  scheduler.run();
  EXPECT_EQ(flow.outcome(), Result<std::string>{"abc"});
}

TEST_F(WrapLineTest, ACallbackThatIsDroppedAbandonsTheFlow) {
  const Running flow{read(3)};
  line.drop();
  scheduler.run();
  const Result<std::string> abandoned = std::unexpected{Error{Errc::abandoned}};
  EXPECT_EQ(flow.outcome(), abandoned);
}

TEST_F(WrapLineTest, ACallbackThatComesAfterTheFlowIsGoneIsIgnored) {
  auto flow = std::make_unique<Running<std::string>>(read(3));
  flow.reset();
  line.receive("abcdef");
  scheduler.run();
}

TEST_F(WrapTest, CallsTheFunctionWhenTheTaskIsAwaitedAndAnewForEachTask) {
  std::vector<int> numbers;
  auto note = wrap(scheduler, [&](int number, auto callback) {
    numbers.push_back(number);
    callback(std::error_code{});
  });
  auto first = note(1);
  auto second = note(2);
  EXPECT_EQ(numbers, std::vector<int>{});
  const Running later{std::move(second)};
  const Running sooner{std::move(first)};
  EXPECT_EQ(numbers, (std::vector{2, 1}));
}

TEST_F(WrapTest, TakesArgumentsThatCanOnlyBeMoved) {
  auto opened = wrap<int>(scheduler, [](std::unique_ptr<int> boxed, auto callback) {
    callback(std::error_code{}, *boxed);
  });
  EXPECT_EQ(Running{opened(std::make_unique<int>(6))}.outcome(), Result<int>{6});
}

}  // namespace
}  // namespace parley::flow
