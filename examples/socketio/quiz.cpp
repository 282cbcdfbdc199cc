// Questions from the server: a flow asks everybody at once, waits for the answers, and tells the
// result.

#include "listen.hpp"

#include <parley/socketio/message.hpp>

#include <chrono>
#include <map>
#include <string>
#include <utility>

using namespace std::chrono_literals;
using namespace parley;
using socketio::KeptEvent;

namespace {

flow::task<> ask_everybody(KeptEvent event) {
  const auto question = event.get<std::string>();
  auto* name_space = event.socket.name_space();
  if (!question || !name_space) co_return;
  auto answers_of_all =
      name_space->broadcast().timeout(2s).emit_with_ack("question", std::get<0>(*question));
  const auto answers = co_await std::move(answers_of_all);

  std::map<std::string, int> votes;
  for (const auto& answer : answers.values)
    if (const auto words = socketio::values_of<std::string>(answer)) ++votes[std::get<0>(*words)];
  name_space->emit("result", votes, answers.is_complete);
}

}  // namespace

int main(int argc, char** argv) {
  net::SocketIo server;
  server.of("/").on("ask", ask_everybody);
  return serve(server, argc, argv);
}
