#pragma once

#include <parley/flow/callback.hpp>
#include <parley/flow/within.hpp>
#include <parley/socketio/server.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <utility>

namespace parley::socketio {

/// How many answers are still to come, and who waits for them: one flow at most.
class Missing {
 public:
  void expect(std::size_t more) { count_ += more; }
  /// One more than were expected is ignored.
  void one_came() {
    if (count_ == 0) return;
    --count_;
    if (count_ > 0 || !none_is_missing_) return;
    (*none_is_missing_)();
    none_is_missing_.reset();
  }
  /// What is still missing is not needed any more.
  void enough() {
    if (count_ > 0) count_ = 1;
    one_came();
  }
  bool none() const { return count_ == 0; }

  /// Goes on when none is missing any more or the time is over, whichever is first. The flow
  /// shares `missing` with those who answer. Does not fail.
  static flow::task<> wait(Server::Scheduler* scheduler, std::shared_ptr<Missing> missing,
                           Duration time) {
    auto until_none = flow::callback<>(*scheduler, [missing](flow::Done<> done) {
      if (missing->none()) return done();
      missing->none_is_missing_.emplace(std::move(done));
    });
    auto in_time = flow::within(*scheduler, time, std::move(until_none));
    co_await flow::attempt(std::move(in_time));
    missing->none_is_missing_.reset();
  }

 private:
  std::size_t count_ = 0;
  std::optional<flow::Done<>> none_is_missing_;
};

}  // namespace parley::socketio
