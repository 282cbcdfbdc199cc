#pragma once

#include <parley/flow/task.hpp>
#include <parley/flow_asio/scheduler.hpp>

#include <boost/asio/associated_allocator.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/recycling_allocator.hpp>
#include <boost/system/error_code.hpp>

#include <chrono>
#include <coroutine>
#include <memory>
#include <optional>
#include <utility>

namespace parley::flow::detail {

// A flow that runs for a handler of Asio's. Everything but its construction happens on the executor
// of the scheduler. It is owned by the handler that Asio holds for it, so that it is destroyed with
// Asio's context if it does not complete before.
template <class Executor, class T, class Handler, class Report>
class AsyncFlow final : private Continuation, private Waiter {
 public:
  using HandlerExecutor = boost::asio::associated_executor_t<Handler, Executor>;

  AsyncFlow(const Executor& executor, std::shared_ptr<AsioScheduler<Executor>*> scheduler,
            task<T> flow, Handler handler)
      : scheduler_{std::move(scheduler)},
        end_{executor},
        work_{boost::asio::get_associated_executor(handler, executor)},
        handler_{std::move(handler)},
        flow_{std::move(flow)} {}
  ~AsyncFlow() {
    if (cancellable_) *cancellable_ = nullptr;
    // The flow may use what the handler owns, even the scheduler.
    flow_.cancel();
  }

  // May be called on any thread, but not beside the others.
  void obey(auto slot, const Executor& executor) {
    cancellable_ = std::make_shared<AsyncFlow*>(this);
    slot.assign([executor, flow = cancellable_](boost::asio::cancellation_type type) {
      using enum boost::asio::cancellation_type;
      if ((type & terminal) == none) return;
      boost::asio::post(executor, [flow] {
        if (*flow) (*flow)->cancel();
      });
    });
  }

  static void start(std::shared_ptr<AsyncFlow> owned) {
    AsyncFlow& flow = *owned;
    if (!*flow.scheduler_ || flow.outcome_) return complete(std::move(owned));
    flow.end_.expires_at(std::chrono::steady_clock::time_point::max());
    flow.end_.async_wait([owned = std::move(owned)](const boost::system::error_code&) mutable {
      complete(std::move(owned));
    });
    flow.run();
  }

 private:
  // Waits for the scheduler to be destroyed.
  class SchedulersEnd final : public Waiter {
   public:
    explicit SchedulersEnd(AsyncFlow& flow) : flow_{flow} {}

   private:
    void wake() override {
      flow_.take_outcome();
      flow_.end();
    }

    AsyncFlow& flow_;
  };

  void run() {
    running_ = true;
    (*scheduler_)->async_flows_.push_back(schedulers_end_);
    const auto coroutine = TaskAccess::coroutine(flow_);
    coroutine.promise().continue_with(*this);
    coroutine.resume();
  }

  std::coroutine_handle<> completed() noexcept override {
    has_ended_ = true;
    (*scheduler_)->post(*this);
    return std::noop_coroutine();
  }

  // The flow has ended, or all is cleaned up.
  void wake() override {
    if (outcome_) return end();
    take_outcome();
    clean_up();
  }

  void cancel() {
    if (outcome_ || has_ended_) return;
    take_outcome();
    if (running_) clean_up();
  }

  // Nothing is left of the flow then.
  void take_outcome() {
    if (outcome_) return;
    if (has_ended_) {
      take_result(TaskAccess::promise(flow_), outcome_);
    } else {
      const boost::system::error_code aborted = boost::asio::error::operation_aborted;
      outcome_ = std::unexpected{Error{aborted}};
    }
    if (*scheduler_) return (*scheduler_)->cancel(flow_, clean_ups_);
    flow_.cancel();
  }

  void clean_up() {
    if (clean_ups_.empty()) return end();
    clean_ups_.wait(*this);
  }

  void end() {
    schedulers_end_.leave();
    end_.cancel();
  }

  static void complete(std::shared_ptr<AsyncFlow> owned) {
    owned->take_outcome();
    const auto work = std::move(owned->work_);
    Handler handler = std::move(owned->handler_);
    auto outcome = *std::move(owned->outcome_);
    owned.reset();  // the handler may want its memory
    Report::complete(work.get_executor(), std::move(handler), std::move(outcome));
  }

  std::shared_ptr<AsioScheduler<Executor>*> scheduler_;
  // Never rings. Its handler owns this, and is called when it is cancelled.
  boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                    boost::asio::wait_traits<std::chrono::steady_clock>, Executor>
      end_;
  boost::asio::executor_work_guard<HandlerExecutor> work_;
  Handler handler_;
  task<T> flow_;
  std::optional<Result<T>> outcome_;
  CleanUps clean_ups_;  // of the operations in which the flow was cancelled
  bool running_ = false;
  bool has_ended_ = false;
  SchedulersEnd schedulers_end_{*this};
  // Owned by this and by the cancellation slot's handler. Empty when this is gone.
  std::shared_ptr<AsyncFlow*> cancellable_;
};

// What Asio calls with the handler that it has made of a token.
template <class Executor, class T, class Report>
class StartFlow {
 public:
  using executor_type = Executor;

  explicit StartFlow(AsioScheduler<Executor>& scheduler)
      : executor_{scheduler.executor_}, scheduler_{scheduler.self_} {}

  executor_type get_executor() const noexcept { return executor_; }

  template <class Handler>
  void operator()(Handler handler, task<T> flow) const {
    using Flow = AsyncFlow<Executor, T, Handler, Report>;
    const auto allocator =
        boost::asio::get_associated_allocator(handler, boost::asio::recycling_allocator<void>{});
    const auto slot = boost::asio::get_associated_cancellation_slot(handler);
    auto started = std::allocate_shared<Flow>(allocator, executor_, scheduler_, std::move(flow),
                                              std::move(handler));
    if (slot.is_connected()) started->obey(slot, executor_);
    boost::asio::post(
        executor_, [started = std::move(started)]() mutable { Flow::start(std::move(started)); });
  }

 private:
  Executor executor_;
  std::shared_ptr<AsioScheduler<Executor>*> scheduler_;
};

}  // namespace parley::flow::detail
