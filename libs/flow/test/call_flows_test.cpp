// The two call flows as sentences: the words and the order of the lesson's text, "get media stream,
// send offer, get remote SDP" and "gate of remote SDP and media stream, send answer".

#include "steps.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace parley::flow {
namespace {

using namespace std::chrono_literals;

const std::unexpected<Error> io_failure{Error{io_error}};

struct Peer {
  TestScheduler& scheduler;
  Diary& diary;
  Step<> media{scheduler, diary, "media"};
  Step<> offer{scheduler, diary, "offer"};
  Step<> answer{scheduler, diary, "answer"};
  Step<> sdp{scheduler, diary, "sdp"};

  task<> get_media_stream() { return media.run(); }
  task<> send_offer() { return offer.run(); }
  task<> send_answer() { return answer.run(); }
  task<> get_remote_sdp() { return sdp.run(); }
};

task<> caller(Peer& peer) {
  return with(peer) | &Peer::get_media_stream | &Peer::send_offer | &Peer::get_remote_sdp |
         within(peer.scheduler, 30s);
}

task<> receiver(Peer& peer) {
  return with(peer) | gate(&Peer::get_remote_sdp, &Peer::get_media_stream) | &Peer::send_answer;
}

struct CallFlows : testing::Test {
  TestScheduler scheduler;
  Diary diary;
  Peer peer{scheduler, diary};
  TestClock::time_point start{};
};

TEST_F(CallFlows, TheCallerDoesOneAfterAnother) {
  const Running flow{caller(peer)};
  EXPECT_EQ(diary, Diary{"media starts"});
  peer.media.succeeds();
  EXPECT_EQ(diary, (Diary{"media starts", "media is gone", "offer starts"}));
  peer.offer.succeeds();
  EXPECT_FALSE(flow.outcome());
  peer.sdp.succeeds();
  EXPECT_EQ(flow.outcome(), Result<>{});
  EXPECT_EQ(scheduler.wake_at(), std::nullopt);
}

TEST_F(CallFlows, TheCallersLimitIsOnAllOfItsSteps) {
  const Running flow{caller(peer)};
  scheduler.advance(start + 20s);
  peer.media.succeeds();
  scheduler.advance(start + 30s);
  EXPECT_EQ(flow.outcome(), Result<>{std::unexpected{Error{Errc::timed_out}}});
  EXPECT_EQ(diary, (Diary{"media starts", "media is gone", "offer starts", "offer is gone"}));
}

TEST_F(CallFlows, TheReceiverAnswersWhenBothAreThere) {
  const Running flow{receiver(peer)};
  EXPECT_EQ(diary, (Diary{"sdp starts", "media starts"}));
  peer.media.succeeds();
  EXPECT_EQ(diary.back(), "media is gone");
  peer.sdp.succeeds();
  EXPECT_EQ(diary.back(), "answer starts");
  peer.answer.succeeds();
  EXPECT_EQ(flow.outcome(), Result<>{});
}

TEST_F(CallFlows, AFailureEndsThemAndIsTheirs) {
  const Running flow{caller(peer)};
  peer.media.fails();
  EXPECT_EQ(flow.outcome(), Result<>{io_failure});
  EXPECT_EQ(diary, Diary{"media starts"});
}

TEST_F(CallFlows, NothingOfThemRunsBeforeTheyAreAwaited) {
  const auto a = caller(peer);
  const auto b = receiver(peer);
  EXPECT_EQ(diary, Diary{});
  EXPECT_EQ(scheduler.wake_at(), std::nullopt);
}

TEST_F(CallFlows, TheyCanBeCancelledAnywhere) {
  const std::vector<Step<>*> of_caller{&peer.media, &peer.offer, &peer.sdp};
  const std::vector<Step<>*> of_receiver{&peer.media, &peer.sdp, &peer.answer};
  for (std::size_t completed = 0; completed < 3; ++completed) {
    for (const bool about_to_go_on : {false, true}) {
      {
        const Running a{caller(peer)};
        for (std::size_t i = 0; i < completed; ++i) of_caller[i]->succeeds();
        if (about_to_go_on) of_caller[completed]->will_end_with({});
      }
      const auto steps = diary.size();
      scheduler.advance(scheduler.now() + 1h);
      EXPECT_EQ(diary.size(), steps);
      if (about_to_go_on) Running{of_caller[completed]->run()};  // takes what was left

      {
        const Running b{receiver(peer)};
        for (std::size_t i = 0; i < completed; ++i) of_receiver[i]->succeeds();
        if (about_to_go_on) of_receiver[completed]->will_end_with({});
      }
      if (about_to_go_on) Running{of_receiver[completed]->run()};
      EXPECT_EQ(std::ranges::count_if(diary, [](auto& line) { return line.ends_with("starts"); }),
                std::ranges::count_if(diary, [](auto& line) { return line.ends_with("gone"); }));
    }
  }
}

}  // namespace
}  // namespace parley::flow
