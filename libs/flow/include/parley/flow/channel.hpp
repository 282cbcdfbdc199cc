#pragma once

#include <parley/flow/scheduler.hpp>
#include <parley/flow/task.hpp>

#include <coroutine>
#include <cstddef>
#include <deque>
#include <expected>
#include <optional>
#include <utility>

namespace parley::flow {

namespace detail {

// Waiters in the order in which they came. Only the first is ever let on, so none overtakes
// another, also when one leaves between being let on and its turn.
class Line {
 public:
  bool empty() const { return !first_; }
  Waiter& first() const { return *first_; }

  void join(Waiter& waiter) {
    if (first_) {
      rest_.push_back(waiter);
    } else {
      first_ = &waiter;
    }
  }
  void leave(Waiter& waiter) {
    waiter.leave();
    if (first_ != &waiter) return;
    first_ = rest_.empty() ? nullptr : &rest_.front();
    if (first_) first_->leave();
  }

  void let_first_on(Scheduler auto& scheduler) {
    if (first_ && first_->alone()) scheduler.post(*first_);  // else it has been let on already
  }

 private:
  Waiter* first_ = nullptr;  // alone, or let on
  WaitQueue rest_;
};

}  // namespace detail

template <class T, Scheduler S>
class ChannelStream;

/// A queue between flows, with room for so many items. Who puts waits for room and who takes waits
/// for an item, each in the order of arrival. Without room it is a rendezvous: a put and a take
/// wait for each other and complete in one turn of the scheduler, the take first.
///
/// In a race over several puts or takes exactly one happens, because whoever waits decides at its
/// own turn. No item is lost or overtaken when somebody is cancelled: an item that a taker was
/// woken for goes to the next one. The channel outlives the tasks that it made, and belongs to the
/// thread of its scheduler.
template <class T, Scheduler S>
class Channel {
 public:
  Channel(S& scheduler, std::size_t capacity) : scheduler_{scheduler}, capacity_{capacity} {}
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  /// Completes when the item is in the channel or was taken: at once if nobody was first and there
  /// is room. Fails with Errc::closed if the channel is closed by then. Cancelling it withdraws the
  /// item.
  task<> put(T item) {
    Putter putter{*this, item};
    Result<> result = co_await putter;
    co_await require(std::move(result));
  }

  /// put() for those who cannot wait, such as the host: done at once, or refused with Errc::closed
  /// or Errc::overflow. A rendezvous has no room to offer anything into.
  [[nodiscard]] Result<> offer(T item) {
    if (closed_) return std::unexpected{Error{Errc::closed}};
    if (!putters_.empty() || !has_room()) return std::unexpected{Error{Errc::overflow}};
    items_.push_back(std::move(item));
    let_on();
    return {};
  }

  /// Gives the oldest item: at once if nobody was first and there is one. Gives nothing when the
  /// channel is closed and empty. Cancelling it leaves the item to the next taker.
  task<std::optional<T>> take() {
    Taker taker{*this};
    co_return co_await taker;
  }

  /// Its items, taken one by one. Several such streams share them.
  ChannelStream<T, S> stream() { return ChannelStream<T, S>{*this}; }

  /// What is in the channel can still be taken; puts that wait fail. Harmless if repeated.
  void close() {
    closed_ = true;
    let_on();
  }
  bool is_closed() const { return closed_; }

  std::size_t size() const { return items_.size(); }

 private:
  // Stands in the frame of a put() or a take().
  class Place : public Waiter {
   public:
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

    void await_suspend(std::coroutine_handle<> coroutine) {
      coroutine_ = coroutine;
      line_.join(*this);
      waits_ = true;
      channel_.let_on();
    }

   protected:
    Place(Channel& channel, detail::Line& line) : channel_{channel}, line_{line} {}
    ~Place() {
      if (!waits_) return;
      leave_line();
      channel_.let_on();
    }

    bool anybody_before() const { return !line_.empty(); }
    void leave_line() {
      waits_ = false;
      line_.leave(*this);
    }
    void go_on() { coroutine_.resume(); }

    Channel& channel_;

   private:
    detail::Line& line_;
    std::coroutine_handle<> coroutine_;
    bool waits_ = false;
  };

  class Putter final : public Place {
   public:
    Putter(Channel& channel, T& item) : Place{channel, channel.putters_}, item_{item} {}
    ~Putter() {
      if (is_gone_) *is_gone_ = true;
    }

    bool await_ready() {
      if (this->channel_.closed_) return true;
      if (this->anybody_before() || !this->channel_.has_room()) return false;
      put_in();
      this->channel_.let_on();
      return true;
    }
    Result<> await_resume() const {
      if (!accepted_) return std::unexpected{Error{Errc::closed}};
      return {};
    }

    // For a taker that waits as well: first the item, then the turn.
    T hand_over() {
      accepted_ = true;
      this->leave_line();
      return std::move(item_);
    }
    void tell_when_gone(bool& is_gone) { is_gone_ = &is_gone; }
    void go_on_after_taker() {
      is_gone_ = nullptr;
      this->go_on();
    }

   private:
    // Only when there is room, which nobody else can have taken since, or when it is closed.
    void wake() override {
      if (!this->channel_.closed_) put_in();
      this->leave_line();
      this->channel_.let_on();
      this->go_on();
    }

    void put_in() {
      this->channel_.items_.push_back(std::move(item_));
      accepted_ = true;
    }

    T& item_;
    bool accepted_ = false;
    bool* is_gone_ = nullptr;
  };

  class Taker final : public Place {
   public:
    explicit Taker(Channel& channel) : Place{channel, channel.takers_} {}

    bool await_ready() {
      if (this->anybody_before() || !take_if_ready()) return false;
      this->channel_.let_on();
      return true;
    }
    std::optional<T> await_resume() { return std::move(item_); }

   private:
    void wake() override {
      if (take_if_ready()) {
        this->leave_line();
        this->channel_.let_on();
        this->go_on();
      } else if (this->channel_.can_meet()) {
        meet(static_cast<Putter&>(this->channel_.putters_.first()));
      }  // else the putter was cancelled, and this waits on
    }

    /// True also if it is closed and there will be no item.
    bool take_if_ready() {
      auto& items = this->channel_.items_;
      if (items.empty()) return this->channel_.closed_;
      item_ = std::move(items.front());
      items.pop_front();
      return true;
    }

    // Both go on in this turn: if either is in a race, the others of that race are gone before
    // anybody can meet them.
    void meet(Putter& putter) {
      item_ = putter.hand_over();
      this->leave_line();
      this->channel_.let_on();
      bool putter_is_gone = false;
      putter.tell_when_gone(putter_is_gone);
      this->go_on();  // which may be the end of this, of the putter and of the channel
      if (!putter_is_gone) putter.go_on_after_taker();
    }

    std::optional<T> item_;
  };

  bool has_room() const { return items_.size() < capacity_; }
  bool can_meet() const { return capacity_ == 0 && !closed_ && !putters_.empty(); }

  void let_on() {
    if (closed_ || !items_.empty() || can_meet()) takers_.let_first_on(scheduler_);
    if (closed_ || has_room()) putters_.let_first_on(scheduler_);
  }

  S& scheduler_;
  std::size_t capacity_;
  std::deque<T> items_;
  detail::Line takers_;
  detail::Line putters_;
  bool closed_ = false;
};

/// A channel as a Stream, which refers to it.
template <class T, Scheduler S>
class ChannelStream {
 public:
  using value_type = T;

  explicit ChannelStream(Channel<T, S>& channel) : channel_{&channel} {}

  task<std::optional<T>> next() { return channel_->take(); }

 private:
  Channel<T, S>* channel_;
};

}  // namespace parley::flow
