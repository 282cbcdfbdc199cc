#pragma once

#include <parley/base/http.hpp>
#include <parley/client/socket.hpp>
#include <parley/client/subscription.hpp>
#include <parley/client/url.hpp>
#include <parley/engineio/client.hpp>
#include <parley/flow/task.hpp>
#include <parley/flow_asio/scheduler.hpp>
#include <parley/socketio/client.hpp>

#include <boost/asio/io_context.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

namespace parley::client {

using Scheduler = flow::AsioScheduler<boost::asio::io_context::executor_type>;

struct Options {
  engineio::client::Options engineio = {};
  socketio::client::Options socketio = {};
  std::vector<HttpField> extra_headers = {};    // of every request; no line breaks in them
  std::size_t message_bytes_max = 100'000'000;  // that a server may send in one go
  std::size_t response_header_bytes_max = 65'536;
};

/// A Socket.IO client: one connection to one server, whatever is needed to keep it, and the sockets
/// of its namespaces (the documentation's Manager).
///
/// It is used on the thread that runs the scheduler's io_context, and so is all that comes from it.
/// Nothing is called from inside of a call: what is asked for happens in a turn of its own. A
/// connected client is work for the io_context; close() ends that. Destroying it drops the
/// connections without a word, and fails whoever waits for something. Where a namespace of `url`
/// matters is socket(). The scheduler outlives it.
class Client {
 public:
  Client(Scheduler& scheduler, Url url, Options options = {});
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  ~Client();

  /// The socket of the namespace that the URL names.
  Socket socket() const;
  Socket socket(std::string_view name_space) const;

  /// Leaves all namespaces, and ends when the connections are gone; the server has a moment to hear
  /// of it (Options::close_timeout). The sockets may be connected anew.
  flow::task<> close() const;

  // Of the documentation's Manager; how many attempts there were so far.
  Subscription on_reconnect_attempt(std::function<void(std::size_t)> handler);
  Subscription on_reconnect(std::function<void(std::size_t)> handler);
  Subscription on_reconnect_failed(std::function<void()> handler);

 private:
  std::shared_ptr<detail::Hub> hub_;  // owned also by what Asio has under way for it
};

}  // namespace parley::client
