// Our client for the tests, driven by lines: each is a JSON array of a word, a namespace and what
// the word needs; so are the lines that it prints. Attachments follow as strings in base64.
//
// usage: client_driver URL TRANSPORT[,TRANSPORT] [msgpack]
//
//   ["connect","/"], ["auth","/",{}], ["disconnect","/"], ["close"]
//   ["emit","/",["event",1]], ["volatile","/",["event",1]], ["ask","/",["event",1],"AQ=="]
//
// It answers every event that wants an answer with the event's own values. It ends with its input.

#include <parley/base/base64.hpp>
#include <parley/client/client.hpp>
#include <parley/flow/flow.hpp>
#include <parley/flow_asio/flow_asio.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/read_until.hpp>

#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parley {
namespace {

namespace asio = boost::asio;
using client::Arguments;
using client::Socket;
using flow::task;
using socketio::ArgumentsView;
using socketio::Json;
using socketio::Text;

template <class... T>
void print(const T&... values) {
  std::cout << client::arguments_of(values...).json << std::endl;
}

void print_with(std::string_view word, std::string_view name_space,
                const ArgumentsView& arguments) {
  auto line = client::arguments_of(word, name_space, Json{arguments.json}).json;
  line.pop_back();
  for (const auto& attachment : arguments.attachments)
    line += ",\"" + base64_encode(attachment) + '"';
  std::cout << line << ']' << std::endl;
}

Arguments without_name(const ArgumentsView& event) {
  Arguments values{.json = "[", .attachments = event.kept().attachments};
  std::size_t count = 0;
  for (const auto value : Json{event.json}.elements()) {
    if (count++ == 0) continue;
    if (count > 2) values.json += ',';
    values.json += value.text();
  }
  values.json += ']';
  return values;
}

class Driver {
 public:
  Driver(client::Scheduler& scheduler, client::Url url, client::Options options)
      : scheduler_{scheduler}, client_{scheduler, std::move(url), std::move(options)} {
    kept_.push_back(client_.on_reconnect_attempt([](auto n) { print("attempt", "", n); }));
    kept_.push_back(client_.on_reconnect([](auto n) { print("reconnect", "", n); }));
  }

  // Until the input ends.
  task<> run(asio::posix::stream_descriptor input) {
    std::string buffer;
    for (;;) {
      auto read = asio::async_read_until(input, asio::dynamic_buffer(buffer), '\n', asio::deferred);
      auto line = step(scheduler_, std::move(read));
      const std::size_t size = co_await line;
      obey(Json{std::string_view{buffer}.substr(0, size - 1)});
      buffer.erase(0, size);
    }
  }

  task<> close() { return client_.close(); }

 private:
  Socket& socket(const std::string& name) {
    const auto known = sockets_.find(name);
    if (known != sockets_.end()) return known->second;
    const auto socket = client_.socket(name);
    kept_.push_back(socket.on_connect(
        [name, socket] { print("connect", name, socket.recovered(), socket.id()); }));
    kept_.push_back(socket.on_connect_error([name](const client::ConnectError& error) {
      print("connect_error", name, error.message, Json{error.data.empty() ? "null" : error.data},
            error.will_retry);
    }));
    kept_.push_back(socket.on_disconnect([name](const client::Disconnected& disconnected) {
      print("disconnect", name, text(disconnected.reason));
    }));
    kept_.push_back(socket.on_any([name](client::Event& event) {
      print_with("event", name, event.arguments());
      if (event.ack) event.ack.answer(without_name(event.arguments()));
    }));
    return sockets_.emplace(name, socket).first->second;
  }

  void obey(Json line) {
    const auto word = line[0].as<std::string>().value();
    if (word == "close") return scope_.spawn(close_all());
    auto& target = socket(line[1].as<std::string>().value());
    Arguments arguments{.json = std::string{line[2].text()}};
    for (std::size_t at = 3; at < line.size(); ++at)
      arguments.attachments.push_back(base64_decode(line[at].as<Text>().value()).value());
    if (word == "connect") return target.open();
    if (word == "disconnect") return target.disconnect();
    if (word == "auth") return target.auth(arguments.json);
    if (word == "emit") return static_cast<void>(target.emit(std::move(arguments)));
    if (word == "volatile") return static_cast<void>(target.volatile_().emit(std::move(arguments)));
    if (word == "ask") return scope_.spawn(ask(target, std::move(arguments)));
    std::abort();
  }

  static task<> ask(Socket socket, Arguments arguments) {
    const flow::Result<Arguments> answer =
        co_await attempt(socket.timeout(Duration{10'000}).emit_with_ack(std::move(arguments)));
    if (answer) {
      print_with("answer", "", *answer);
    } else {
      print("no answer", "", answer.error().code.message());
    }
  }

  task<> close_all() {
    co_await client_.close();
    print("closed", "");
  }

  client::Scheduler& scheduler_;
  client::Client client_;
  flow::Scope<client::Scheduler> scope_{scheduler_};
  std::map<std::string, Socket> sockets_;
  std::vector<client::Subscription> kept_;
};

task<> drive(Driver& driver, asio::posix::stream_descriptor input) {
  static_cast<void>(co_await attempt(driver.run(std::move(input))));
  co_await driver.close();
}

int run(std::string_view url, std::string_view transports, std::string_view wish) {
  const auto parsed = client::parse_url(url);
  if (!parsed) return 2;
  client::Options options;
  options.socketio.reconnection_delay = Duration{50};
  if (wish == "msgpack") options.socketio.parser = socketio::Parser::msgpack;
  options.engineio.transports.clear();
  if (transports.starts_with("polling"))
    options.engineio.transports.push_back(engineio::client::Transport::polling);
  if (transports.ends_with("websocket"))
    options.engineio.transports.push_back(engineio::client::Transport::websocket);

  asio::io_context io;
  client::Scheduler scheduler{io};
  Driver driver{scheduler, *parsed, std::move(options)};
  asio::posix::stream_descriptor input{io, ::dup(STDIN_FILENO)};
  const flow::Running running{drive(driver, std::move(input))};
  io.run();
  return running.outcome() && *running.outcome() ? 0 : 1;
}

}  // namespace
}  // namespace parley

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  return parley::run(argv[1], argv[2], argc > 3 ? argv[3] : "");
}
