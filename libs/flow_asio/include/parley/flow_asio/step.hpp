#pragma once

#include <parley/flow/task.hpp>
#include <parley/flow_asio/completion.hpp>
#include <parley/flow_asio/scheduler.hpp>

#include <boost/asio/async_result.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/recycling_allocator.hpp>

#include <concepts>
#include <coroutine>
#include <exception>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace parley::flow {

namespace detail {

// An operation from its start until its handler was called or destroyed: what does not depend on
// its type.
template <class Executor>
class AsioOperation : public CleanUp {
 public:
  explicit AsioOperation(AsioScheduler<Executor>& scheduler)
      : executor_{scheduler.executor_}, scheduler_{scheduler.self_} {}

  const Executor& executor() const { return executor_; }
  boost::asio::cancellation_slot slot() { return signal_.slot(); }

  void abandon() {
    if (*scheduler_) {
      ++(*scheduler_)->abandoned_;
      (*scheduler_)->leaving_->begin(*this);
    }
    abandoned_ = true;
    signal_.emit(boost::asio::cancellation_type::terminal);
  }

 protected:
  ~AsioOperation() = default;

  void post(Waiter& waiter) {
    if (*scheduler_) (*scheduler_)->post(waiter);
  }

  void end_clean_up() {
    if (!std::exchange(abandoned_, false) || !*scheduler_) return;
    --(*scheduler_)->abandoned_;
    CleanUps::end(*this, [this](Waiter& waiter) { post(waiter); });
  }

 private:
  Executor executor_;
  std::shared_ptr<AsioScheduler<Executor>*> scheduler_;
  boost::asio::cancellation_signal signal_;
  bool abandoned_ = false;
};

template <class Executor, class Operation>
class AsioStep final : public Waiter {
  using Completion = AsioCompletion<boost::asio::completion_signature_of_t<Operation>>;
  using Value = Completion::Value;

 public:
  AsioStep(AsioScheduler<Executor>& scheduler, Operation operation)
      : scheduler_{scheduler}, operation_{std::move(operation)} {}
  ~AsioStep() {
    if (const auto started = std::exchange(started_, nullptr)) started->lose_step();
  }

  bool await_ready() const noexcept { return false; }

  template <std::derived_from<PromiseBase> P>
  void await_suspend(std::coroutine_handle<P> waiting) {
    waiting_ = waiting;
    waiting_promise_ = &waiting.promise();
    // Of Asio's memory, because there is one for each operation.
    started_ = std::allocate_shared<Started>(boost::asio::recycling_allocator<Started>{}, *this);
    std::move(operation_)(Handler{started_});
  }

  Value await_resume() {
    if (!*outcome_) std::rethrow_exception(outcome_->error().exception);
    if constexpr (!std::is_void_v<Value>) return **std::move(outcome_);
  }

 private:
  class Started final : public AsioOperation<Executor> {
   public:
    explicit Started(AsioStep& step) : AsioOperation<Executor>{step.scheduler_}, step_{&step} {}

    void lose_step() {
      step_ = nullptr;
      this->abandon();
    }

    template <class... Args>
    void complete(Args&&... args) {
      if (step_) {
        step_->outcome_ = Completion::outcome(std::forward<Args>(args)...);
        this->post(*step_);
      }
      end();
    }

    // Without a completion if the executor is destroyed, or if the operation could not be started.
    void end() {
      if (step_) std::exchange(step_, nullptr)->started_ = nullptr;
      this->end_clean_up();
    }

   private:
    AsioStep* step_;
  };

  // What Asio is given. It moves only.
  class Handler {
   public:
    using executor_type = Executor;
    using cancellation_slot_type = boost::asio::cancellation_slot;

    explicit Handler(std::shared_ptr<Started> operation) : operation_{std::move(operation)} {}
    Handler(Handler&&) noexcept = default;
    Handler& operator=(Handler&&) = delete;
    ~Handler() {
      if (operation_) operation_->end();
    }

    executor_type get_executor() const noexcept { return operation_->executor(); }
    cancellation_slot_type get_cancellation_slot() const noexcept { return operation_->slot(); }

    template <class... Args>
    void operator()(Args&&... args) {
      const auto operation = std::exchange(operation_, nullptr);
      operation->complete(std::forward<Args>(args)...);
    }

   private:
    std::shared_ptr<Started> operation_;
  };

  void wake() override {
    if (*outcome_ || outcome_->error().exception) return waiting_.resume();
    waiting_promise_->fail(std::move(outcome_->error())).resume();
  }

  AsioScheduler<Executor>& scheduler_;
  Operation operation_;
  // Owned by this and by the handler: the operation's end and the step's may come in any order,
  // also one inside the other.
  std::shared_ptr<Started> started_;
  std::optional<Result<Value>> outcome_;
  std::coroutine_handle<> waiting_;
  PromiseBase* waiting_promise_ = nullptr;
};

}  // namespace detail

/// `co_await step(scheduler, socket.async_read_some(buffer, boost::asio::deferred))` starts an Asio
/// operation and gives its value: none, one, or a tuple of several. It goes on from the scheduler
/// after the completion handler has returned.
///
/// An operation that completes with an error_code that is set fails with it; what it gives beside
/// is lost, but for as_tuple(deferred), of which everything is the value and which never fails. An
/// exception_ptr that is set is thrown.
///
/// Cancelling it abandons the operation: it is cancelled there and then (terminally), and its
/// handler, when it comes, finds nobody. What it refers to, buffers and the I/O object, must
/// outlive that handler, and the locals of the flow do not. Either they belong to someone who
/// waits for it, by AsioScheduler::cleaned_up() or async_run(), or the operation owns them itself:
/// boost::asio::consign(boost::asio::deferred, owner...).
///
/// The I/O object is used on the scheduler's thread or strand like the scheduler itself.
template <class Executor, class Operation>
auto step(AsioScheduler<Executor>& scheduler, Operation operation) {
  return detail::AsioStep<Executor, Operation>{scheduler, std::move(operation)};
}

}  // namespace parley::flow
