#pragma once

#include <parley/flow/scheduler.hpp>

#include <coroutine>
#include <cstddef>
#include <cstdlib>
#include <list>
#include <optional>
#include <utility>

namespace parley::flow {

namespace detail {

// Items in the order in which they came. The first one takes no memory of its own: mostly there is
// no other.
template <class T>
class Fifo {
 public:
  bool empty() const { return !first_; }
  std::size_t size() const { return first_ ? 1 + later_.size() : 0; }

  void push(T item) {
    if (first_) {
      later_.push_back(std::move(item));
    } else {
      first_.emplace(std::move(item));
    }
  }

  T pop() {
    T item = *std::move(first_);
    first_.reset();
    if (!later_.empty()) {
      first_.emplace(std::move(later_.front()));
      later_.pop_front();
    }
    return item;
  }

 private:
  std::optional<T> first_;
  std::list<T> later_;
};

}  // namespace detail

/// What the host delivers, kept until a flow asks for it: nothing that comes early is lost. One
/// reader at a time. The reader goes on from the scheduler, not inside put(); if it is cancelled
/// before its turn, the item stays for the next reader. Neither ever fails: there is no limit to
/// what it keeps, so it is for what the host itself bounds; where it does not, a Channel has one.
/// It outlives its readers and belongs to the thread of its scheduler.
template <class T, Scheduler S>
class Mailbox {
 public:
  explicit Mailbox(S& scheduler) : scheduler_{scheduler} {}

  void put(T item) {
    items_.push(std::move(item));
    if (reader_) scheduler_.post(*std::exchange(reader_, nullptr));
  }

  /// `co_await mailbox.next()` gives the oldest item.
  auto next() {
    if (read_)
      std::abort();  // a second reader is a bug: it would take what the first was woken for
    return Awaiter{*this};
  }

  std::size_t size() const { return items_.size(); }

 private:
  class Awaiter final : public Waiter {
   public:
    explicit Awaiter(Mailbox& mailbox) : mailbox_{mailbox} { mailbox_.read_ = true; }
    ~Awaiter() {
      mailbox_.reader_ = nullptr;
      mailbox_.read_ = false;
    }
    bool await_ready() const noexcept { return !mailbox_.items_.empty(); }
    void await_suspend(std::coroutine_handle<> coroutine) {
      this->suspend(coroutine);
      mailbox_.reader_ = this;
    }
    T await_resume() { return mailbox_.items_.pop(); }

   private:
    Mailbox& mailbox_;
  };

  S& scheduler_;
  detail::Fifo<T> items_;
  Waiter* reader_ = nullptr;  // until its turn is near
  bool read_ = false;         // while a reader exists, also between its item and its turn
};

}  // namespace parley::flow
