#include "bundle.hpp"
#include "options.hpp"
#include "pages.hpp"

#include <parley/hall/rtc.hpp>
#include <parley/net/client_files.hpp>
#include <parley/net/nodes.hpp>
#include <parley/net/server.hpp>
#include <parley/node/node.hpp>

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/resource.h>

#include <algorithm>
#include <csignal>
#include <cstddef>
#include <deque>
#include <exception>
#include <iostream>
#include <optional>
#include <string>
#include <vector>

namespace parley::app {

namespace {

namespace fs = std::filesystem;

spdlog::level::level_enum level_of(node::LogLevel level) {
  switch (level) {
    case node::LogLevel::debug:
      return spdlog::level::debug;
    case node::LogLevel::info:
      return spdlog::level::info;
    case node::LogLevel::warning:
      return spdlog::level::warn;
  }
  return spdlog::level::warn;
}

void write_log(node::LogLevel level, std::string_view text) { spdlog::log(level_of(level), text); }

int fail(const std::string& sentence) {
  std::cerr << sentence << '\n';
  return 1;
}

// Where the pages are after `cmake --install`, and in a build tree.
fs::path find_pages(const Options& options) {
  if (!options.pages.empty()) return options.pages;
  std::error_code ignored;
  const auto program = fs::read_symlink("/proc/self/exe", ignored).parent_path();
  const auto installed = program / "../share/parley/pages";
  return fs::exists(installed, ignored) ? installed : program / "../../web/pages";
}

// Where to listen, and the option that chooses the port.
struct Place {
  std::string address;
  std::uint16_t port;
  std::string option;
};

std::string sentence_for(const net::ListenError& error, const Place& place,
                         const net::TlsFiles& files) {
  const auto port = std::to_string(place.port);
  switch (error.fault) {
    case net::ListenFault::port_taken:
      return "Port " + port + " is already in use on " + place.address +
             ". Stop the other program or choose another with " + place.option + '.';
    case net::ListenFault::unknown_address:
      return "There is no address called " + place.address + ". Choose another with --address.";
    case net::ListenFault::not_permitted:
      return "Port " + port + " needs more rights than this user has. Choose one above 1023 with " +
             place.option + '.';
    case net::ListenFault::certificate_unusable:
      return net::sentence_for(error, files) + " Name another with --tls-certificate.";
    case net::ListenFault::key_unusable:
    case net::ListenFault::key_of_another:
      return net::sentence_for(error, files) + " Name another with --tls-key.";
    case net::ListenFault::failed:
      break;
  }
  return "Cannot listen on " + place.address + ", port " + port + ": " + error.system.message() +
         ".";
}

// A browser cannot open "everywhere", and an IPv6 address needs its brackets.
std::string url_host(const std::string& address) {
  if (address == "0.0.0.0" || address == "::") return "localhost";
  return address.find(':') == address.npos ? address : '[' + address + ']';
}

// As many descriptors as the system lets us have; each connection is one.
void raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

// What to tell whoever started us, or why we cannot listen.
Result<std::string, std::string> listen(net::Server& server, const Options& options) {
  const auto host = url_host(options.address);
  const Place plain{options.address, options.port, "--port"};
  const auto port = server.listen(plain.address, plain.port);
  if (!port) return std::unexpected{sentence_for(port.error(), plain, {})};
  auto said = "Open http://" + host + ':' + std::to_string(*port) + "/11 in two windows.\n";
  if (options.tls_certificate.empty()) return said;

  const Place secure{options.address, options.tls_port, "--tls-port"};
  const net::TlsFiles files{options.tls_certificate, options.tls_key};
  const auto tls_port = server.listen(secure.address, secure.port, files);
  if (!tls_port) return std::unexpected{sentence_for(tls_port.error(), secure, files)};
  return said + "Or https://" + host + ':' + std::to_string(*tls_port) + "/11.\n";
}

engineio::Cors cors_for(const std::vector<std::string>& allowed) {
  if (allowed.empty()) return {};
  if (std::ranges::count(allowed, "*") > 0) return {.origin = "*"};
  return {.origin = allowed, .credentials = true};
}

node::Options node_options_of(const Options& options) {
  node::Options node_options;
  auto& engineio = node_options.engineio;
  engineio.ping_interval = Duration{options.ping_interval};
  engineio.ping_timeout = Duration{options.ping_timeout};
  engineio.max_http_buffer_size = options.max_http_buffer_size;
  engineio.cors = cors_for(options.allow_origin);
  engineio.allow_eio3 = options.allow_eio3;
  if (!options.http_compression) engineio.http_compression.reset();
  if (options.per_message_deflate) engineio.per_message_deflate.emplace();
  if (!options.cookie.empty()) engineio.cookie = engineio::Cookie{.name = options.cookie};
  return node_options;
}

int serve(const Options& options, BundlePages pages) {
  raise_descriptor_limit();
  net::Nodes nodes{node_options_of(options), options.threads};
  std::deque<hall::Rtc> rtcs;
  for (std::size_t shard = 0; shard < nodes.size(); ++shard) {
    rtcs.emplace_back(
        nodes[shard].socketio(), [](std::string_view text) { spdlog::info(text); },
        shard == 0 ? hall::Pairing::here : hall::Pairing::elsewhere);
  }
  net::Server server{nodes,
                     pages,
                     {.connections_max = options.max_connections,
                      .message_bytes_max = options.max_http_buffer_size},
                     write_log};

  const auto listening = listen(server, options);
  if (!listening) return fail(listening.error());
  server.stop_on({SIGINT, SIGTERM});
  std::cout << *listening << std::flush;
  server.run();
  spdlog::info("Stopped.");
  return 0;
}

int run(int argc, const char* const* argv) {
  const auto options = read_options(argc, argv);
  if (!options) {
    (options.error().exit_code == 0 ? std::cout : std::cerr) << options.error().text << '\n';
    return options.error().exit_code;
  }
  spdlog::set_default_logger(spdlog::stderr_color_st("parley"));
  spdlog::set_pattern("%Y-%m-%d %H:%M:%S.%e %^%l%$ %v");
  spdlog::set_level(spdlog::level::from_str(options->log_level));

  const auto directory = find_pages(*options).lexically_normal();
  auto bundle = Bundle::load(directory);
  if (!bundle) {
    return fail("Cannot read the pages at " + bundle.error().where.string() + ": " +
                bundle.error().system.message() + ". Name their directory with --pages.");
  }
  if (!bundle->find("index.html")) {
    return fail("There are no pages in " + directory.string() +
                ". Build them, or name their directory with --pages.");
  }
  std::optional<net::ClientFiles> client;
  if (!options->serve_client.empty()) {
    auto loaded = net::ClientFiles::load(options->serve_client);
    if (!loaded) {
      return fail("Cannot read socket.io.js in " + options->serve_client.string() + ": " +
                  loaded.error().message() + ". Name its directory with --serve-client.");
    }
    client = *std::move(loaded);
  }
  return serve(*options, BundlePages{*std::move(bundle), std::move(client)});
}

}  // namespace

}  // namespace parley::app

int main(int argc, char** argv) {
  try {
    return parley::app::run(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "parley had to end: " << error.what() << '\n';
    return 1;
  }
}
