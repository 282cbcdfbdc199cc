#include "features.hpp"

#include <parley/flow/scheduler.hpp>
#include <parley/socketio/values.hpp>

#include <chrono>
#include <string>
#include <string_view>

namespace parley {

namespace {

using namespace std::chrono_literals;
using socketio::Broadcast;
using socketio::ConnectError;
using socketio::Event;
using socketio::Json;
using socketio::KeptEvent;
using socketio::Namespace;
using socketio::Socket;

/// The first argument, which names a room.
std::string room_of(const Json& arguments) { return arguments[1].as<std::string>().value_or(""); }

Json values_in(const Event& event) {
  return Json{event.arguments().json, event.arguments().attachments};
}

// Says "said" and the second argument to whom `to` gives for the first.
template <class To>
socketio::EventHandler say(To to) {
  return [to](Event& event) {
    const auto values = values_in(event);
    to(event.socket(), room_of(values)).emit("said", values[2]);
  };
}

// Asks everybody in a room, and tells who asked what came back.
flow::task<> ask_room(KeptEvent event) {
  const auto room = room_of(Json{event.arguments.json});
  auto& all = *event.socket.name_space();
  const auto answers = co_await all.to(room).timeout(500ms).emit_with_ack("question");
  std::string values;
  for (const auto& answer : answers.values) values += (values.empty() ? "" : ",") + answer.json;
  event.ack(answers.is_complete, Json{"[" + values + "]"});
}

void serve_rooms(Namespace& rooms) {
  rooms.on("join", [](Event& event) { event.ack(event.socket().join(room_of(values_in(event)))); });
  rooms.on("leave", [](Event& event) {
    event.socket().leave(room_of(values_in(event)));
    event.ack(event.socket().rooms());
  });
  rooms.on("to room", say([](Socket socket, std::string_view room) { return socket.to(room); }));
  rooms.on("in room", say([&rooms](Socket, std::string_view room) { return rooms.in(room); }));
  rooms.on("except room",
           say([&rooms](Socket, std::string_view room) { return rooms.except(room); }));
  rooms.on("to others", say([](Socket socket, std::string_view) { return socket.broadcast(); }));
  rooms.on("volatile",
           say([&rooms](Socket, std::string_view room) { return rooms.to(room).volatile_(); }));
  rooms.on("ask room", ask_room);
  rooms.on("disconnect room",
           [&rooms](Event& event) { rooms.in(room_of(values_in(event))).disconnect_sockets(); });
}

// Lets in who knows the word, after a while; tells the others why not.
flow::task<Result<void, ConnectError>> check_word(Socket socket) {
  socket.emit("checking");
  socket.join("seen at the door");
  co_await flow::sleep(socket.server().scheduler(), 20ms);
  const auto word = Json{socket.auth()}["word"].as<std::string>();
  if (word == "please") co_return Result<void, ConnectError>{};
  co_return std::unexpected{ConnectError{.message = "say please", .data = R"({"code":42})"}};
}

void serve_door(Namespace& door) {
  door.use([](Socket socket) { return check_word(socket); });
  door.on_connection([](Socket socket) { socket.emit("welcome", socket.rooms()); });
  door.use_events([](Event& event) { return event.name() != "secret"; });
  door.on_any([](Event& event) { event.socket().emit("heard", event.name()); });
  door.on("secret", [](Event& event) { event.ack("never"); });
}

void serve_teams(Namespace& teams) {
  teams.on_connection([](Socket socket) { socket.emit("team", socket.name_space()->name()); });
  teams.on("to team",
           [](Event& event) { event.socket().name_space()->emit("said", values_in(event)[1]); });
  teams.on("to all teams", [&teams](Event& event) { teams.emit("said", values_in(event)[1]); });
}

}  // namespace

void serve_features(socketio::Server& server) {
  serve_rooms(server.of("/rooms"));
  serve_door(server.of("/door"));
  serve_teams(server.of(
      [](std::string_view name, std::string_view) { return name.starts_with("/team-"); }));
}

}  // namespace parley
