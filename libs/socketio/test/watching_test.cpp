// What a server shows to those who look on: namespaces, transports, and how much went over them.
// Against docs/admin-ui.md, whose page needs it.

#include "harness.hpp"

#include <gtest/gtest.h>

namespace parley::socketio {
namespace {

void open_polling(Host& host, ConnectionId id = ann) {
  host.server.opened(id, {"GET", "/socket.io/?EIO=4", {}, {}, {}}, host.now,
                     {.transport = Transport::polling});
}

TEST(Watching, TellsOfEachNamespaceOnce) {
  Host host;
  std::vector<std::string> names;
  const auto listener = host.server.on_namespace(
      [&](const Namespace& name_space) { names.push_back(name_space.name()); });
  host.server.of([](std::string_view name, std::string_view) { return name == "/made"; });
  (void)host.server.of("/custom");
  (void)host.server.of("/new");
  host.open_and_join(ann, "40/made,");
  EXPECT_EQ(names, (std::vector<std::string>{"/", "/custom", "/new", "/made"}));
  listener.off();
  (void)host.server.of("/late");
  EXPECT_EQ(names.size(), 4);
}

TEST(Watching, KnowsWhatCarriesASocket) {
  Host host;
  std::vector<std::string> upgraded;
  host.server.on_upgrade([&](Socket socket) { upgraded.emplace_back(socket.id()); });
  open_polling(host);
  host.receive("40");
  const auto socket = *host.main.last;
  EXPECT_EQ(socket.connection(), ann);
  EXPECT_EQ(socket.transport(), Transport::polling);
  EXPECT_EQ(host.server.polling_count(), 1);
  host.server.upgraded(ann, host.now);
  host.server.upgraded(ann, host.now);
  EXPECT_EQ(socket.transport(), Transport::websocket);
  EXPECT_EQ(host.server.polling_count(), 0);
  EXPECT_EQ(upgraded, std::vector<std::string>{first_sid});
  host.lose();
  EXPECT_EQ(socket.connection(), std::nullopt);
  EXPECT_EQ(socket.transport(), std::nullopt);
}

TEST(Watching, CountsNoPollerThatIsGone) {
  Host host;
  open_polling(host);
  host.lose();
  EXPECT_EQ(host.server.polling_count(), 0);
}

TEST(Watching, CountsWhatComesAndGoes) {
  Host host;
  host.open();
  host.receive("40");  // 1 byte below Engine.IO
  host.receive(R"(451-["e",{"_placeholder":true,"num":0}])");
  host.receive_binary("abc");
  const auto reply = std::string{R"(0{"sid":")"} + first_sid + "\"}";
  host.main.last->emit("b", Bytes{"xy"});
  const std::string event = R"(51-["b",{"_placeholder":true,"num":0}])";
  host.lose(ann, DisconnectReason::ping_timeout);
  const auto& traffic = host.server.traffic();
  EXPECT_EQ(traffic.packets_in, 3);
  EXPECT_EQ(traffic.bytes_in, 1 + 38 + 3);
  EXPECT_EQ(traffic.packets_out, 3);
  EXPECT_EQ(traffic.bytes_out, reply.size() + event.size() + 2);
  EXPECT_EQ(traffic.opened, 1);
  EXPECT_EQ(traffic.closed,
            (std::map<DisconnectReason, std::uint64_t>{{DisconnectReason::ping_timeout, 1}}));
}

}  // namespace
}  // namespace parley::socketio
