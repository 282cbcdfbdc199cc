// A chat in the console: what is typed is said to everybody, and what anybody says is printed.
//
// usage: example_console URL NAME
//
// With "Hello" and "Bye" typed, to the server of console.mjs, it prints:
//   Ada, you are connected.
//   [server] Ada is here
//   [Ada] Hello
//   (2 have heard it)
//   [Bob] Good morning, Ada
//   [Ada] Bye
//   (2 have heard it)

#include <parley/client/client.hpp>
#include <parley/flow/flow.hpp>
#include <parley/flow_asio/flow_asio.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/read_until.hpp>

#include <unistd.h>

#include <chrono>
#include <iostream>
#include <string>
#include <string_view>
#include <utility>

namespace asio = boost::asio;
namespace client = parley::client;
namespace flow = parley::flow;
using flow::task;
using parley::socketio::Text;
using namespace std::chrono_literals;

namespace {

void print_message(client::Event& event) {
  if (const auto said = event.get<Text, Text>()) {
    const auto& [who, what] = *said;
    std::cout << '[' << who.view() << "] " << what.view() << std::endl;
  }
}

task<> say(client::Socket socket, std::string text) {
  const client::Arguments answer = co_await socket.timeout(5s).emit_with_ack("say", text);
  if (const auto values = client::values_of<int>(answer))
    std::cout << '(' << std::get<0>(*values) << " have heard it)" << std::endl;
}

// Until the input ends, which fails the step that reads it.
task<> say_lines(client::Scheduler& scheduler, client::Socket socket,
                 asio::posix::stream_descriptor input) {
  std::string typed;
  for (;;) {
    const std::size_t size = co_await step(
        scheduler,
        asio::async_read_until(input, asio::dynamic_buffer(typed), '\n', asio::deferred));
    co_await say(socket, typed.substr(0, size - 1));
    typed.erase(0, size);
  }
}

task<> chat(client::Scheduler& scheduler, client::Client& server, std::string name) {
  const auto socket = server.socket();
  const auto printing = socket.on("said", print_message);
  std::string auth;
  parley::socketio::JsonWriter{auth}.object("name", name);
  socket.auth(std::move(auth));
  co_await within(scheduler, 10s, socket.connect());
  std::cout << name << ", you are connected." << std::endl;

  asio::posix::stream_descriptor input{scheduler.executor(), ::dup(STDIN_FILENO)};
  const flow::Result<> ended = co_await attempt(say_lines(scheduler, socket, std::move(input)));
  co_await server.close();
}

}  // namespace

int main(int argc, char** argv) {
  const auto url = client::parse_url(argc == 3 ? argv[1] : "");
  if (!url) {
    std::cerr << "usage: example_console URL NAME\n";
    return 2;
  }
  asio::io_context io;
  client::Scheduler scheduler{io};
  client::Client server{scheduler, *url};
  const flow::Running running{chat(scheduler, server, argv[2])};
  io.run();
  if (*running.outcome()) return 0;
  std::cerr << running.outcome()->error().code.message() << '\n';
  return 1;
}
