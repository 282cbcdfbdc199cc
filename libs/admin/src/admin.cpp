#include <parley/admin/admin.hpp>

#include "describe.hpp"

#include <parley/socketio/iso_date.hpp>

#include <algorithm>
#include <memory>
#include <utility>

namespace parley::admin {

using socketio::ArgumentsView;
using socketio::Broadcast;
using socketio::DisconnectReason;
using socketio::Event;
using socketio::Json;
using socketio::JsonWriter;
using socketio::Namespace;
using socketio::ServerEvent;
using socketio::Socket;
using socketio::SocketId;

namespace {

// A server of a cluster believes for so many intervals that somebody looks on elsewhere.
constexpr int belief = 3;

std::vector<std::string> features_of(const Options& options) {
  std::vector<std::string> features;
  if (!options.read_only)
    features = {"EMIT", "JOIN", "LEAVE", "DISCONNECT", "MJOIN", "MLEAVE", "MDISCONNECT"};
  features.emplace_back("AGGREGATED_EVENTS");
  if (options.mode == Mode::development) features.emplace_back("ALL_EVENTS");
  return features;
}

std::optional<std::string> text_in(Json json) {
  auto text = json.as<std::optional<std::string>>();
  return text ? *std::move(text) : std::nullopt;
}

Options completed(Options options) {
  if (options.server_id.empty()) options.server_id = options.host.hostname;
  return options;
}

}  // namespace

Admin::Admin(socketio::Server& server, Options options, Entropy& entropy)
    : server_{server},
      options_{completed(std::move(options))},
      admin_{server.of(options_.namespace_name)},
      sids_{entropy} {
  if (options_.verify) {
    const socketio::AsyncMiddleware middleware = [this](Socket socket) {
      return admit(this, socket);
    };
    admin_.use(middleware);
  }
  if (options_.mode == Mode::development) {
    server_.on_namespace([this](Namespace& name_space) { watch(name_space); });
    server_.on_upgrade([this](Socket socket) {
      if (!is_watched()) return;
      std::string update;
      JsonWriter{update}.object("id", socket.id(), "nsp", socket.name_space()->name(), "transport",
                                "websocket");
      admin_.emit("socket_updated", Json{update});
    });
  }
  admin_.on_connection([this](Socket socket) { welcome(socket); });
  if (!options_.read_only) {
    obey("emit", &Admin::emit);
    obey("join", &Admin::join);
    obey("leave", &Admin::leave);
    obey("_disconnect", &Admin::disconnect);
  }
  hear_others();
}

flow::task<Admin::Verdict> Admin::admit(Admin* self, Socket socket) {
  const auto refused = [](std::string why) {
    return std::unexpected{socketio::ConnectError{.message = std::move(why)}};
  };
  const Json auth{socket.auth()};
  const auto session = text_in(auth["sessionId"]);
  if (session && self->knows(*session)) co_return Verdict{};
  auto username = text_in(auth["username"]);
  auto password = text_in(auth["password"]);
  if (!username || !password) co_return refused("invalid credentials");
  if (self->logins_ >= self->options_.logins_max) co_return refused("too many logins");

  ++self->logins_;
  auto verifying = self->options_.verify(*std::move(username), *std::move(password));
  const auto is_right = co_await flow::attempt(std::move(verifying));
  --self->logins_;
  if (!is_right || !*is_right) co_return refused("invalid credentials");
  const auto made = self->sids_.next();
  self->remember(made);
  self->admin_.server_side_emit("session", made);
  socket.emit("session", made);
  co_return Verdict{};
}

bool Admin::knows(std::string_view session) const {
  return std::ranges::find(sessions_, session) != sessions_.end();
}

void Admin::remember(std::string session) {
  sessions_.push_back(std::move(session));
  if (sessions_.size() > options_.sessions_max) sessions_.pop_front();
}

// The others first, so that nothing happens unseen between what they show and what they tell.
void Admin::welcome(Socket socket) {
  admin_.server_side_emit("watched");
  std::string config;
  JsonWriter{config}.object("supportedFeatures", features_of(options_));
  socket.emit("config", Json{config});
  if (options_.mode == Mode::development) server_.spawn(show_all(this, socket), "all_sockets");
  start_stats();
}

flow::task<> Admin::show_all(Admin* self, Socket socket) {
  auto all = self->describe_all();
  auto asking = self->admin_.server_side_emit_with_ack("all_sockets");
  const auto answers = co_await std::move(asking);
  for (const auto& answer : answers.values)
    for (const auto each : Json{answer.json}[0].elements()) all.emplace_back(each.text());
  const std::vector<Json> sockets{all.begin(), all.end()};
  socket.emit("all_sockets", sockets);
}

std::vector<std::string> Admin::describe_all() {
  std::vector<std::string> all;
  server_.each_namespace([&](Namespace& name_space) {
    for (const auto& socket : name_space.broadcast().local().local_sockets())
      all.push_back(describe(socket, options_.server_id));
  });
  return all;
}

bool Admin::is_watched() const {
  return admin_.socket_count() > 0 ||
         (watched_until_ && server_.scheduler().now() < *watched_until_);
}

void Admin::watch(Namespace& name_space) {
  name_space.on_connection([this](Socket socket) {
    if (!is_watched()) return;
    const auto& name = socket.name_space()->name();
    admin_.emit("room_joined", name, socket.id(), socket.id(), now());
    const auto shown = describe(socket, options_.server_id);
    admin_.emit("socket_connected", Json{shown}, now());
  });
  // A watcher who leaves is told nothing, and the others have to be told of him.
  name_space.on_disconnect([this](Socket socket, DisconnectReason reason) {
    const auto rooms = std::exchange(rooms_left_, {});
    if (!is_watched()) return;
    const auto& name = socket.name_space()->name();
    admin_.emit("socket_disconnected", name, socket.id(), socketio::text(reason), now());
    admin_.emit("room_left", name, socket.id(), socket.id(), now());
    for (const auto& room : rooms) admin_.emit("room_left", name, room, socket.id(), now());
  });
  watch_rooms(name_space);
  if (&name_space != &admin_) watch_events(name_space);
}

void Admin::watch_events(Namespace& name_space) {
  name_space.on_any(
      [this](const Event& event) { show("event_received", event.socket(), event.arguments()); });
  name_space.on_any_outgoing(
      [this](Socket socket, const ArgumentsView& sent) { show("event_sent", socket, sent); });
}

// As it stands, so that its placeholders go on to name its attachments.
void Admin::show(std::string_view what, Socket socket, const ArgumentsView& said) {
  if (!is_watched()) return;
  std::string text;
  JsonWriter{text}.array(what, socket.name_space()->name(), socket.id(), Json{said.json}, now());
  admin_.relay({text, said.attachments});
}

void Admin::watch_rooms(Namespace& name_space) {
  name_space.rooms().on_join.add([this](std::string_view room, SocketId id) {
    if (!is_watched()) return;
    const Socket socket{server_, id};
    admin_.emit("room_joined", socket.name_space()->name(), room, socket.id(), now());
  });
  // The rooms of a socket that goes are told once that is known.
  name_space.rooms().on_leave.add([this](std::string_view room, SocketId id) {
    if (!is_watched()) return;
    const Socket socket{server_, id};
    if (!socket.connected())
      return (void)rooms_left_.insert(rooms_left_.begin(), std::string{room});
    admin_.emit("room_left", socket.name_space()->name(), room, socket.id(), now());
  });
}

void Admin::start_stats() {
  if (std::exchange(keeps_stats_, true)) return;
  told_ = server_.traffic();
  server_.spawn(keep_stats(this), "server_stats");
}

flow::task<> Admin::keep_stats(Admin* self) {
  while (self->is_watched()) {
    if (self->admin_.socket_count() > 0) self->admin_.server_side_emit("watched");
    const auto stats = self->stats();
    self->admin_.emit("server_stats", Json{stats});
    co_await flow::sleep(self->server_.scheduler(), self->options_.stats_interval);
  }
  self->keeps_stats_ = false;
}

std::string Admin::stats() {
  const auto at = server_.scheduler().now();
  const auto& host = options_.host;
  const auto events = describe(server_.traffic(), told_, host.zero_of_time + at.time_since_epoch());
  told_ = server_.traffic();
  std::string text;
  JsonWriter json{text};
  json.begin_object();
  json.member("serverId", options_.server_id);
  json.member("hostname", host.hostname);
  json.member("pid", host.pid);
  json.member("uptime", std::chrono::duration<double>{at - host.started}.count());
  json.member("clientsCount", server_.connection_count());
  json.member("pollingClientsCount", server_.polling_count());
  json.member("aggregatedEvents", Json{events});
  json.name("namespaces");
  json.begin_array();
  server_.each_namespace([&](const Namespace& name_space) {
    json.object("name", name_space.name(), "socketsCount", name_space.socket_count());
  });
  json.end_array();
  json.end_object();
  return text;
}

std::string Admin::now() const {
  const auto wall = options_.host.zero_of_time + server_.scheduler().now().time_since_epoch();
  return socketio::iso_date(wall.time_since_epoch().count()).value_or("");
}

// Each server does it to its own: a namespace that was made for a client may be another's alone.
void Admin::obey(std::string_view command,
                 void (Admin::*step)(const Broadcast&, const ArgumentsView&)) {
  const auto carry_out = [this, step](const ArgumentsView& said) {
    const Json arguments{said.json};
    const auto name = text_in(arguments[1]);
    const bool is_emit = step == &Admin::emit;
    const auto filter = text_in(arguments[is_emit ? 2 : 3]).value_or("");
    Namespace* found = nullptr;
    server_.each_namespace([&](Namespace& each) {
      if (each.name() == name) found = &each;
    });
    if (!found) return;
    const auto all = found->broadcast().local();
    (this->*step)(filter.empty() ? all : all.in(filter), said);
  };
  admin_.on(command, [this, carry_out](Event& event) {
    const auto said = event.arguments().kept();
    admin_.server_side_relay(said);
    carry_out(said);
  });
  admin_.on_server_side(command, [carry_out](ServerEvent& event) { carry_out(event.arguments()); });
}

void Admin::emit(const Broadcast& to, const ArgumentsView& command) {
  const Json arguments{command.json};
  const auto name = text_in(arguments[3]);
  if (!name || !socketio::detail::may_emit(server_, *name)) return;
  std::string event;
  JsonWriter json{event};
  json.begin_array();
  for (std::size_t at = 3; at < arguments.size(); ++at) json.value(arguments[at]);
  json.end_array();
  to.relay({event, command.attachments});
}

void Admin::join(const Broadcast& to, const ArgumentsView& command) {
  if (const auto room = text_in(Json{command.json}[2])) to.sockets_join(*room);
}

void Admin::leave(const Broadcast& to, const ArgumentsView& command) {
  if (const auto room = text_in(Json{command.json}[2])) to.sockets_leave(*room);
}

void Admin::disconnect(const Broadcast& to, const ArgumentsView& command) {
  const bool closes = Json{command.json}[2].as<bool>().value_or(false);
  to.disconnect_sockets(closes ? Socket::Scope::whole_connection : Socket::Scope::this_namespace);
}

void Admin::hear_others() {
  admin_.on_server_side("watched", [this](ServerEvent&) {
    watched_until_ = server_.scheduler().now() + belief * options_.stats_interval;
    start_stats();
  });
  admin_.on_server_side("session", [this](ServerEvent& event) {
    if (auto session = event.get<std::string>()) remember(std::get<0>(*std::move(session)));
  });
  admin_.on_server_side("all_sockets", [this](ServerEvent& event) {
    const auto all = describe_all();
    event.ack(std::vector<Json>{all.begin(), all.end()});
  });
}

}  // namespace parley::admin
