// Whole calls: two engines, models of two browsers and of the server between them. The order of the
// messages is that of the lesson (the caller's flow, the receiver's gate); the faults are those
// that its demo had on stage.

#include "pair.hpp"

#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <utility>
#include <vector>

namespace parley::call {
namespace {

TEST(Call, ComesUp) {
  Pair pair;
  pair.lines_up();
  pair.cameras_ready();
  pair.introduce();
  pair.run();
  EXPECT_TRUE(pair.connected());
}

TEST(Call, TellsBothWhatItIsDoing) {
  Pair pair;
  EXPECT_EQ(pair.a->told(), (Tell{Status::asking_for_camera, Problem::none}));
  pair.cameras_ready();
  EXPECT_EQ(pair.a->told(), (Tell{Status::reaching_server, Problem::none}));
  pair.lines_up();
  EXPECT_EQ(pair.a->told(), (Tell{Status::waiting_for_other, Problem::none}));
  pair.introduce();
  EXPECT_EQ(pair.a->told(), (Tell{Status::connecting, Problem::none}));
  EXPECT_EQ(pair.b->told(), (Tell{Status::connecting, Problem::none}));
  pair.run();
  EXPECT_TRUE(pair.connected());
}

// The lost offer (the demo's fifth fault): the offer and its candidates come while the receiver's
// camera prompt is still open.
TEST(Call, AnOfferThatComesBeforeTheReceiversCameraIsNotLost) {
  Pair pair;
  pair.lines_up();
  pair.a->receive(MediaReady{});
  pair.introduce();
  pair.run();
  EXPECT_FALSE(pair.connected());
  EXPECT_EQ(pair.b->told(), (Tell{Status::asking_for_camera, Problem::none}));
  pair.b->receive(MediaReady{});
  pair.run();
  EXPECT_TRUE(pair.connected());
}

TEST(Call, AnOfferThatComesBeforeTheIntroductionIsNotLost) {
  Pair pair;
  pair.lines_up();
  pair.cameras_ready();
  pair.a->receive(Identified{Role::caller});
  pair.run();
  pair.b->receive(Identified{Role::receiver});
  pair.run();
  EXPECT_TRUE(pair.connected());
}

// Every order in which cameras, reports of the browsers and signals can come, found by walking the
// tree of choices. `path` holds the choice taken at each step and is moved on to the next path.
class Orders {
 public:
  /// One of `count` that may happen next.
  std::size_t choose(std::size_t count) {
    if (depth_ == path_.size()) path_.push_back({0, count});
    return path_[depth_++].taken;
  }
  bool next() {
    depth_ = 0;
    while (!path_.empty() && ++path_.back().taken == path_.back().count) path_.pop_back();
    return !path_.empty();
  }

 private:
  struct Choice {
    std::size_t taken, count;
  };
  std::vector<Choice> path_;
  std::size_t depth_ = 0;
};

struct Happenings {
  Pair pair;
  bool a_camera = false, b_camera = false, b_known = false;

  static constexpr std::size_t kinds = 7;

  bool ready(std::size_t what) const {
    switch (what) {
      case 0:
        return !a_camera;
      case 1:
        return !b_camera;
      case 2:
        return !b_known;
      case 3:
        return pair.a->has_report();
      case 4:
        return pair.b->has_report();
      case 5:
        return pair.a->has_signal();
      default:
        return pair.b->has_signal();
    }
  }
  void happen(std::size_t what) {
    switch (what) {
      case 0:
        a_camera = true;
        return pair.a->receive(MediaReady{});
      case 1:
        b_camera = true;
        return pair.b->receive(MediaReady{});
      case 2:
        b_known = true;
        return pair.b->receive(Identified{Role::receiver});
      case 3:
        pair.a->deliver_report();
        return;
      case 4:
        pair.b->deliver_report();
        return;
      case 5:
        pair.relay(*pair.a, *pair.b);
        return;
      default:
        pair.relay(*pair.b, *pair.a);
    }
  }
};

bool comes_up(Orders& orders) {
  Happenings happenings;
  happenings.pair.lines_up();
  happenings.pair.a->receive(Identified{Role::caller});
  for (;;) {
    std::array<std::size_t, Happenings::kinds> possible{};
    std::size_t count = 0;
    for (std::size_t what = 0; what < possible.size(); ++what) {
      if (happenings.ready(what)) possible[count++] = what;
    }
    if (count == 0) break;
    // What is reported of a connection that is up bears on nothing else.
    if (happenings.pair.deliver_news()) continue;
    happenings.happen(possible[orders.choose(count)]);
  }
  return happenings.pair.connected() && happenings.pair.a->candidates_refused() == 0 &&
         happenings.pair.b->candidates_refused() == 0;
}

TEST(Call, ComesUpInEveryOrderOfEvents) {
  Orders orders;
  std::size_t paths = 0;
  do {
    ASSERT_TRUE(comes_up(orders)) << "path " << paths;
    ++paths;
  } while (orders.next());
  EXPECT_GT(paths, 4'000u);
}

// How many steps a call takes, so that something can be put between any two of them.
constexpr int steps_of_a_call = 40;

void start(Pair& pair, int steps) {
  pair.lines_up();
  pair.cameras_ready();
  pair.introduce();
  for (int step = 0; step < steps; ++step) pair.step();
}

TEST(Call, StartsAnewAtAnyPointWhenTheOtherOneLeavesAndComesBack) {
  for (int steps = 0; steps < steps_of_a_call; ++steps) {
    SCOPED_TRACE(steps);
    Pair pair;
    start(pair, steps);
    pair.part();
    pair.a->receive(Left{});
    EXPECT_EQ(pair.a->told(), (Tell{Status::waiting_for_other, Problem::other_left}));
    EXPECT_EQ(pair.a->connections_open(), 0u);
    pair.b = std::make_unique<Side>("b again");
    pair.b->receive(LineUp{});
    pair.b->receive(MediaReady{});
    pair.introduce();
    pair.run();
    EXPECT_TRUE(pair.connected());
    EXPECT_EQ(pair.a->media_requests(), 1u) << "the camera is asked for once";
  }
}

TEST(Call, TheReceiverWhoIsLeftBecomesTheCaller) {
  for (int steps = 0; steps < steps_of_a_call; ++steps) {
    SCOPED_TRACE(steps);
    Pair pair;
    start(pair, steps);
    pair.part();
    pair.b->receive(Left{});
    pair.a = std::exchange(pair.b, std::make_unique<Side>("next"));
    pair.b->receive(LineUp{});
    pair.b->receive(MediaReady{});
    pair.introduce();
    pair.run();
    EXPECT_TRUE(pair.connected());
  }
}

TEST(Call, ComesUpAgainWhenTheLineIsLostAtAnyPoint) {
  for (int steps = 0; steps < steps_of_a_call; ++steps) {
    SCOPED_TRACE(steps);
    Pair pair;
    start(pair, steps);
    pair.part();
    pair.a->receive(LineDown{});
    pair.b->receive(LineDown{});
    pair.run();
    EXPECT_EQ(pair.a->told().problem, Problem::server_lost);
    pair.part();
    pair.lines_up();
    pair.introduce();
    pair.run();
    EXPECT_TRUE(pair.connected());
  }
}

TEST(Call, GoesOnWhenTheLineIsLostWhileConnected) {
  Pair pair;
  start(pair, steps_of_a_call);
  pair.a->receive(LineDown{});
  EXPECT_EQ(pair.a->told(), (Tell{Status::connected, Problem::server_lost}));
  EXPECT_EQ(pair.a->connections_open(), 1u);
  pair.a->receive(LineUp{});
  EXPECT_EQ(pair.a->told(), (Tell{Status::connected, Problem::none}));
}

TEST(Call, SaysNothingToWhoeverComesNextOnTheLine) {
  Pair pair;
  start(pair, steps_of_a_call);
  pair.a->receive(LineDown{});
  pair.a->receive(LocalCandidate{pair.a->connection(), "late"});
  pair.a->receive(LineUp{});
  pair.a->receive(LocalCandidate{pair.a->connection(), "later"});
  EXPECT_FALSE(pair.a->has_signal());
}

TEST(Call, GetsAFreshConnectionWhenItIsIdentifiedTwice) {
  for (int steps = 0; steps < steps_of_a_call; ++steps) {
    SCOPED_TRACE(steps);
    Pair pair;
    start(pair, steps);
    pair.part();
    pair.introduce();
    pair.run();
    EXPECT_TRUE(pair.connected());
    EXPECT_EQ(pair.a->connections_opened(), 2u);
  }
}

TEST(Call, SwapsRolesWhenItIsIdentifiedTheOtherWayRound) {
  Pair pair;
  start(pair, 3);
  pair.part();
  pair.a->receive(Identified{Role::receiver});
  pair.b->receive(Identified{Role::caller});
  pair.run();
  EXPECT_TRUE(pair.connected());
}

TEST(Call, AGarbageAnswerIsToldAndTriedAgain) {
  Pair pair;
  pair.lines_up();
  pair.cameras_ready();
  pair.a->receive(Identified{Role::caller});
  pair.a->deliver_report();
  pair.a->receive(RemoteDescription{{DescriptionType::answer, Side::garbage}});
  while (pair.a->deliver_report()) {
  }
  EXPECT_EQ(pair.a->told(), (Tell{Status::connecting, Problem::negotiation_failed}));
  pair.part();
  pair.b->receive(Identified{Role::receiver});
  pair.a->advance(1'999ms);
  EXPECT_FALSE(pair.step()) << "tries again at once";
  pair.a->advance(1ms);
  pair.run();
  EXPECT_TRUE(pair.connected());
}

TEST(Call, AGarbageOfferIsToldAndTheNextOneTaken) {
  Pair pair;
  pair.lines_up();
  pair.cameras_ready();
  pair.b->receive(Identified{Role::receiver});
  pair.b->receive(RemoteDescription{{DescriptionType::offer, Side::garbage}});
  pair.run();
  EXPECT_EQ(pair.b->told(), (Tell{Status::connecting, Problem::negotiation_failed}));
  pair.a->receive(Identified{Role::caller});
  pair.run();
  EXPECT_TRUE(pair.connected());
  EXPECT_EQ(pair.b->connections_opened(), 1u);
}

TEST(Call, AGarbageOfferLaterLeavesTheCallAsItIs) {
  Pair pair;
  start(pair, steps_of_a_call);
  pair.a->receive(RemoteDescription{{DescriptionType::offer, Side::garbage}});
  pair.run();
  EXPECT_TRUE(pair.connected());
}

TEST(Call, AnswersAnOfferThatIsMadeLater) {
  Pair pair;
  start(pair, steps_of_a_call);
  pair.a->receive(RemoteDescription{{DescriptionType::offer, "b's later offer"}});
  while (pair.a->deliver_report()) {
  }
  const auto signal = pair.a->take_signal();
  ASSERT_TRUE(signal);
  EXPECT_EQ(std::get<RemoteDescription>(*signal).description.type, DescriptionType::answer);
}

}  // namespace
}  // namespace parley::call
