#pragma once

// What the tests of flow_asio share: names, and an Asio operation whose end the test decides.

#include <parley/flow/flow.hpp>
#include <parley/flow_asio/flow_asio.hpp>

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/system/error_code.hpp>

#include <chrono>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace parley::flow {

namespace asio = boost::asio;
using namespace std::chrono_literals;

using Diary = std::vector<std::string>;
using IoScheduler = AsioScheduler<asio::io_context::executor_type>;

/// More than a test may take: who waits for it waits in vain.
constexpr auto never = 1h;

/// Starts when it is asked to, and ends when the test says so, also after it was cancelled. Like
/// an operation of Asio's it outlives neither the object nor the executor.
class HeldOperation {
 public:
  template <class Token = asio::deferred_t>
  auto start(Token token = {}) {
    const auto begin = [this](auto handler) {
      auto slot = asio::get_associated_cancellation_slot(handler);
      if (slot.is_connected())
        slot.assign([this](asio::cancellation_type) { was_cancelled_ = true; });
      end_ = std::move(handler);
    };
    return asio::async_initiate<Token, void(boost::system::error_code, int)>(begin, token);
  }

  bool was_cancelled() const { return was_cancelled_; }

  void succeeds_with(int value) { take_end()({}, value); }
  void fails_with(boost::system::error_code error) { take_end()(error, 0); }
  void is_over() { fails_with(asio::error::operation_aborted); }
  /// As when the executor is destroyed.
  void is_dropped() { take_end(); }

 private:
  using End = std::move_only_function<void(boost::system::error_code, int)>;

  End take_end() { return std::exchange(end_, nullptr); }

  End end_;
  bool was_cancelled_ = false;
};

}  // namespace parley::flow
