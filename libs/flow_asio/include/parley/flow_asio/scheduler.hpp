#pragma once

#include <parley/flow/scheduler.hpp>
#include <parley/flow_asio/clean_ups.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/system/error_code.hpp>

#include <chrono>
#include <concepts>
#include <coroutine>
#include <cstddef>
#include <memory>
#include <optional>
#include <utility>

namespace parley::flow {

namespace detail {

template <class Executor>
class AsioOperation;
template <class Executor>
class AsioCleanedUp;
template <class Executor, class T, class Handler, class Report>
class AsyncFlow;
template <class Executor, class T, class Report>
class StartFlow;

}  // namespace detail

/// Runs flows on an Asio executor, by the steady clock.
///
/// Threads: it belongs to whoever runs its executor: an io_context that one thread runs, or a
/// strand. It is used there and nowhere else, with its flows, mailboxes, events and the I/O objects
/// of their steps; before the executor is run it may be used by the thread that made it. From any
/// other thread one goes through boost::asio::post(scheduler.executor(), ...) or async_run().
///
/// However many waiters become ready, Asio is asked once for the turn in which they run; those whom
/// they make ready run in the next, so that other users of the executor get theirs in between. One
/// timer of Asio's is set for the earliest of all waits. What waits for a mailbox or an event is no
/// work in Asio's sense: an io_context with nothing else to do returns from run(). A timer is work
/// until the first turn after its flow is gone, so a host that destroys a sleeping flow itself, not
/// by async_run(), may find run() waiting for that time.
///
/// Operations that its flows have abandoned are counted until they are over, and cleaned_up() waits
/// for them. It outlives its flows; waiters that are left when it is destroyed wait for nothing. No
/// flow of it destroys it.
template <class Executor = boost::asio::any_io_executor>
class AsioScheduler {
 public:
  using time_point = std::chrono::steady_clock::time_point;
  using duration = std::chrono::steady_clock::duration;
  using executor_type = Executor;

  explicit AsioScheduler(Executor executor)
      : executor_{std::move(executor)},
        alarm_{executor_},
        self_{std::make_shared<AsioScheduler*>(this)} {}
  explicit AsioScheduler(std::derived_from<boost::asio::execution_context> auto& context)
      : AsioScheduler{context.get_executor()} {}
  AsioScheduler(const AsioScheduler&) = delete;
  AsioScheduler& operator=(const AsioScheduler&) = delete;
  ~AsioScheduler() {
    while (!async_flows_.empty()) async_flows_.wake_front();
    *self_ = nullptr;
  }

  const Executor& executor() const { return executor_; }

  time_point now() const { return std::chrono::steady_clock::now(); }

  void post(Waiter& waiter) {
    ready_.push_back(waiter);
    if (!running_) ask_for_a_turn();
  }

  void wake(Timer<time_point>& timer, time_point at) {
    timer.at(at);
    timers_.insert(timer, [at](Waiter& other) { return as_timer(other).at() <= at; });
    if (!running_) set_alarm();
  }

  /// How many operations have been abandoned and are not over yet.
  std::size_t abandoned() const { return abandoned_; }

  /// `co_await scheduler.cleaned_up()` goes on, from the scheduler, when every operation is over
  /// that was abandoned before: what they refer to may be touched and destroyed from then on. At
  /// once if there is none. It leaves out those of flows that async_run() is leaving, which waits
  /// for them itself. Never fails; cancelling it leaves the operations as they are.
  auto cleaned_up() { return detail::AsioCleanedUp<Executor>{*this}; }

 private:
  static Timer<time_point>& as_timer(Waiter& waiter) {
    return static_cast<Timer<time_point>&>(waiter);
  }
  Timer<time_point>& next_timer() { return as_timer(timers_.front()); }

  // The operations that the flow abandons by it go into a row of their own. One row for all would
  // make a flow wait for the operation in which it runs itself, once that is abandoned, for ever.
  void cancel(auto& flow, detail::CleanUps& row) {
    detail::CleanUps* const outer = std::exchange(leaving_, &row);
    flow.cancel();
    leaving_ = outer;
    if (!running_) set_alarm();
  }

  void ask_for_a_turn() {
    if (std::exchange(asked_, true)) return;
    boost::asio::post(executor_, [self = self_] {
      if (!*self) return;
      (*self)->asked_ = false;
      (*self)->take_a_turn();
    });
  }

  void take_a_turn() {
    running_ = true;
    WaitQueue turn;
    while (!ready_.empty()) turn.push_back(ready_.front());
    while (!turn.empty()) turn.wake_front();
    running_ = false;
    if (!ready_.empty()) ask_for_a_turn();
    set_alarm();
  }

  void set_alarm() {
    if (timers_.empty()) {
      // An alarm for nobody would keep the executor at work until it rings.
      if (std::exchange(alarm_at_, std::nullopt)) alarm_.cancel();
      return;
    }
    const auto at = next_timer().at();
    if (alarm_at_ && *alarm_at_ <= at) return;
    alarm_at_ = at;
    alarm_.expires_at(at);
    alarm_.async_wait([self = self_](const boost::system::error_code& error) {
      if (!error && *self) (*self)->ring();
    });
  }

  // The alarm may be one that nobody needs any more, even one replaced after it had gone off.
  void ring() {
    alarm_at_.reset();
    const auto time = now();
    while (!timers_.empty() && next_timer().at() <= time) ready_.push_back(timers_.front());
    take_a_turn();
  }

  Executor executor_;
  boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                    boost::asio::wait_traits<std::chrono::steady_clock>, Executor>
      alarm_;
  std::optional<time_point> alarm_at_;
  WaitQueue ready_;
  WaitQueue timers_;  // by time
  bool asked_ = false;
  bool running_ = false;
  std::size_t abandoned_ = 0;
  detail::CleanUps clean_ups_;
  detail::CleanUps* leaving_ = &clean_ups_;  // the row for operations that are abandoned now
  WaitQueue async_flows_;                    // of async_run(), which wait for the end of this
  // Owned by this and by the handlers that Asio holds for it. Empty when this is gone.
  std::shared_ptr<AsioScheduler*> self_;

  friend detail::AsioOperation<Executor>;
  friend detail::AsioCleanedUp<Executor>;
  template <class, class, class, class>
  friend class detail::AsyncFlow;
  template <class, class, class>
  friend class detail::StartFlow;
};

template <std::derived_from<boost::asio::execution_context> Context>
AsioScheduler(Context&) -> AsioScheduler<typename Context::executor_type>;

namespace detail {

template <class Executor>
class AsioCleanedUp final : public Waiter {
 public:
  explicit AsioCleanedUp(AsioScheduler<Executor>& scheduler) : scheduler_{scheduler} {}

  bool await_ready() const noexcept { return scheduler_.clean_ups_.empty(); }
  void await_suspend(std::coroutine_handle<> coroutine) {
    this->suspend(coroutine);
    scheduler_.clean_ups_.wait(*this);
  }
  void await_resume() const noexcept {}

 private:
  AsioScheduler<Executor>& scheduler_;
};

}  // namespace detail

}  // namespace parley::flow
