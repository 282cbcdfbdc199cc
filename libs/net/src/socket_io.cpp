#include <parley/net/socket_io.hpp>

#include <csignal>
#include <iostream>
#include <utility>

namespace parley::net {

namespace {

void warn(node::LogLevel level, std::string_view text) {
  if (level == node::LogLevel::warning) std::cerr << text << '\n';
}

}  // namespace

std::string_view text(ListenFault fault) {
  switch (fault) {
    case ListenFault::unknown_address:
      return "there is no such address";
    case ListenFault::port_taken:
      return "the port is in use";
    case ListenFault::not_permitted:
      return "the port needs more rights";
    case ListenFault::certificate_unusable:
      return "the certificate cannot be used";
    case ListenFault::key_unusable:
      return "the key cannot be used";
    case ListenFault::key_of_another:
      return "the key belongs to another certificate";
    case ListenFault::failed:
      break;
  }
  return "the system refused";
}

SocketIo::SocketIo(Options options)
    : nodes_{options.node, options.threads},
      path_{options.node.engineio.path},
      server_{nodes_, pages_, options.limits,
              options.log ? std::move(options.log) : LogSink{warn}} {
  server_.stop_on({SIGINT, SIGTERM});
}

void SocketIo::each(const std::function<void(socketio::Server&)>& set_up) {
  for (std::size_t shard = 0; shard < nodes_.size(); ++shard) set_up(nodes_[shard].socketio());
}

Result<void, std::error_code> SocketIo::serve_client(const std::filesystem::path& directory) {
  auto client = ClientFiles::load(directory, path_);
  if (!client) return std::unexpected{client.error()};
  pages_.client = *std::move(client);
  return {};
}

HttpResponse SocketIo::ClientPages::get(const HttpRequest&) {
  return {.status = 404, .fields = {}, .body = {}};
}

std::optional<HttpResponse> SocketIo::ClientPages::get_before_node(const HttpRequest& request) {
  return client ? client->get(request) : std::nullopt;
}

}  // namespace parley::net
