#pragma once

#include <parley/base/time.hpp>

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/system/error_code.hpp>

#include <chrono>

namespace parley::client {

namespace asio = boost::asio;
using boost::system::error_code;
using Executor = asio::io_context::executor_type;
using TcpSocket = asio::basic_stream_socket<asio::ip::tcp, Executor>;
using SteadyTimer =
    asio::basic_waitable_timer<std::chrono::steady_clock,
                               asio::wait_traits<std::chrono::steady_clock>, Executor>;

/// The one place that reads the clock. Rounded down, so that a timer set for a Time never finds it
/// still to come.
inline Time now() {
  return Time{std::chrono::floor<Duration>(std::chrono::steady_clock::now().time_since_epoch())};
}

/// The moment of the system's steady clock that a Time means.
inline std::chrono::steady_clock::time_point steady(Time time) {
  return std::chrono::steady_clock::time_point{time.time_since_epoch()};
}

}  // namespace parley::client
