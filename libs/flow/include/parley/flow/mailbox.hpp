#pragma once

#include <parley/flow/scheduler.hpp>

#include <coroutine>
#include <cstdlib>
#include <deque>
#include <utility>

namespace parley::flow {

/// What the host delivers, kept until a flow asks for it: nothing that comes early is lost. One
/// reader at a time. The reader goes on from the scheduler, not inside put(); if it is cancelled
/// before its turn, the item stays for the next reader. It outlives its readers.
template <class T, Scheduler S>
class Mailbox {
 public:
  explicit Mailbox(S& scheduler) : scheduler_{scheduler} {}

  void put(T item) {
    items_.push_back(std::move(item));
    if (!reader_.empty()) scheduler_.post(reader_.front());
  }

  /// `co_await mailbox.next()` gives the oldest item.
  auto next() {
    if (read_)
      std::abort();  // a second reader is a bug: it would take what the first was woken for
    return Awaiter{*this};
  }

  std::size_t size() const { return items_.size(); }

 private:
  class Awaiter final : public detail::SuspendedCoroutine {
   public:
    explicit Awaiter(Mailbox& mailbox) : mailbox_{mailbox} { mailbox_.read_ = true; }
    ~Awaiter() { mailbox_.read_ = false; }
    bool await_ready() const noexcept { return !mailbox_.items_.empty(); }
    void await_suspend(std::coroutine_handle<> coroutine) {
      this->suspend(coroutine);
      mailbox_.reader_.push_back(*this);
    }
    T await_resume() {
      T item = std::move(mailbox_.items_.front());
      mailbox_.items_.pop_front();
      return item;
    }

   private:
    Mailbox& mailbox_;
  };

  S& scheduler_;
  std::deque<T> items_;
  WaitQueue reader_;
  bool read_ = false;  // while a reader exists, also between its item and its turn
};

}  // namespace parley::flow
