#include "options.hpp"

#include <CLI/CLI.hpp>
#include <toml.hpp>

#include <parley/net/nodes.hpp>

#include <algorithm>
#include <memory>
#include <sstream>
#include <thread>
#include <utility>

namespace parley::app {

namespace {

constexpr const char* description =
    "parley: video calls between two people, browser to browser.\n"
    "Serves the page of the call at /11 and introduces the two to each other.";

constexpr const char* footer =
    "Example:\n  parley --address 0.0.0.0 --port 8080 --allow-origin https://school.example\n\n"
    "The configuration file is TOML and has the same names, without the dashes before them:\n"
    "  port = 9000\n"
    "  allow-origin = [\"https://school.example\"]\n"
    "What the command line says wins over the file.\n\n"
    "Exit codes: 0 after a clean stop (SIGTERM, SIGINT), 1 if it cannot start, 2 for a command "
    "line\n"
    "that it does not understand.";

// Says a default as a sentence would; CLI11's own form reads like an assignment.
class HelpFormatter : public CLI::Formatter {
  std::string make_option_opts(const CLI::Option* option) const override {
    const auto type = option->get_type_name();
    return type.empty() ? "" : ' ' + type;
  }
  std::string make_option_desc(const CLI::Option* option) const override {
    const auto value = option->get_default_str();
    const auto& text = option->get_description();
    return value.empty() || value == "[]" ? text : text + " (default: " + value + ')';
  }
};

CLI::Validator within(std::uint64_t low, std::uint64_t high) {
  return CLI::Range(low, high).description("");
}

// One description for both: the configuration file is read by the names of these options.
void describe(CLI::App& app, Options& options) {
  app.add_option("--address", options.address, "Name or address to listen on; 0.0.0.0: everywhere")
      ->type_name("HOST");
  app.add_option("--port", options.port, "Port to listen on; 0: any free one")
      ->type_name("PORT")
      ->check(within(0, 65'535));
  app.add_option("--tls-port", options.tls_port, "Port for https:// and wss://; 0: any free one")
      ->type_name("PORT")
      ->check(within(0, 65'535));
  app.add_option("--tls-certificate", options.tls_certificate,
                 "Certificate with its chain, PEM; it and --tls-key turn TLS on")
      ->type_name("FILE");
  app.add_option("--tls-key", options.tls_key, "Its private key, PEM, without a passphrase")
      ->type_name("FILE");
  app.add_option("--pages", options.pages,
                 "Where the built pages are (default: beside the program)")
      ->type_name("DIR");
  app.add_option("--serve-client", options.serve_client,
                 "npm's socket.io-client/dist, to be shown as /socket.io/socket.io.js")
      ->type_name("DIR");
  app.add_option("--allow-origin", options.allow_origin,
                 "A site whose pages may connect besides our own, or *; may be repeated")
      ->type_name("ORIGIN")
      ->allow_extra_args(false);
  app.add_option("--log-level", options.log_level, "debug, info, warning, error or off")
      ->type_name("LEVEL")
      ->check(CLI::IsMember({"debug", "info", "warning", "error", "off"}).description(""));
  app.add_option("--threads", options.threads, "Threads to serve on; as many as there are cores")
      ->type_name("NUMBER")
      ->check(within(1, net::Nodes::count_max));
  app.add_option("--max-connections", options.max_connections, "Connections at one time")
      ->type_name("NUMBER")
      ->check(within(1, 10'000'000));
  app.add_option("--max-http-buffer-size", options.max_http_buffer_size,
                 "Size of a message, or of a request's body, at most")
      ->type_name("BYTES")
      ->check(within(1'000, 1'000'000'000));
  app.add_option("--allow-eio3", options.allow_eio3,
                 "Whether clients of Socket.IO 1 and 2 may connect")
      ->type_name("BOOL")
      ->default_str("false");
  app.add_option("--cookie", options.cookie,
                 "Name of a cookie with the session's id, for proxies; without: none")
      ->type_name("NAME");
  app.add_option("--http-compression", options.http_compression,
                 "Whether large answers to polling clients are packed")
      ->type_name("BOOL")
      ->default_str("true");
  app.add_option("--per-message-deflate", options.per_message_deflate,
                 "Whether large WebSocket messages are packed for clients that offer it")
      ->type_name("BOOL")
      ->default_str("false");
  app.add_option("--ping-interval", options.ping_interval, "From one heartbeat to the next")
      ->type_name("MS")
      ->check(within(100, 86'400'000));
  app.add_option("--ping-timeout", options.ping_timeout, "To wait for the answer to a heartbeat")
      ->type_name("MS")
      ->check(within(100, 86'400'000));
}

std::vector<std::string> as_words(const toml::value& value) {
  if (value.is_array()) {
    std::vector<std::string> words;
    for (const auto& item : value.as_array()) {
      for (auto& word : as_words(item)) words.push_back(std::move(word));
    }
    return words;
  }
  if (value.is_string()) return {value.as_string().str};
  std::ostringstream word;
  word << value;
  return {word.str()};
}

Ending fault_in_file(const std::string& file, const toml::value& value, const std::string& why) {
  return {1, file + ", line " + std::to_string(value.location().line()) + ": " + why};
}

// An option that the command line has set already keeps its value.
Result<void, Ending> apply(CLI::App& app, const std::string& file, const std::string& name,
                           const toml::value& value) {
  auto* option = app.get_option_no_throw("--" + name);
  if (!option || name == "config" || name == "help" || name == "version")
    return std::unexpected{fault_in_file(file, value, "there is no option '" + name + "'.")};
  if (option->count() > 0) return {};
  try {
    for (auto& word : as_words(value)) option->add_result(std::move(word));
    option->run_callback();
  } catch (const CLI::ParseError& error) {
    return std::unexpected{fault_in_file(file, value, error.what())};
  }
  return {};
}

Result<void, Ending> apply_file(CLI::App& app, const std::string& file) {
  try {
    const auto document = toml::parse(file);
    for (const auto& [name, value] : document.as_table()) {
      if (auto applied = apply(app, file, name, value); !applied) return applied;
    }
  } catch (const toml::syntax_error& error) {
    return std::unexpected{Ending{1, file + ", line " + std::to_string(error.location().line()) +
                                         ": this is not TOML.\n" + error.what()}};
  } catch (const std::exception&) {
    return std::unexpected{Ending{1, "The configuration file " + file + " cannot be read."}};
  }
  return {};
}

}  // namespace

std::size_t cores() {
  return std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, net::Nodes::count_max);
}

Result<Options, Ending> read_options(int argc, const char* const* argv) {
  Options options;
  std::string config;
  CLI::App app{description, "parley"};
  app.option_defaults()->always_capture_default();
  app.formatter(std::make_shared<HelpFormatter>());
  describe(app, options);
  app.add_option("--config", config, "Configuration file")->type_name("FILE");
  app.set_version_flag("--version", "parley " PARLEY_VERSION);
  app.footer(footer);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    std::ostringstream out, err;
    const bool failed = app.exit(error, out, err) != 0;
    auto text = failed ? err.str() : out.str();
    text.erase(text.find_last_not_of('\n') + 1);
    return std::unexpected{Ending{failed ? 2 : 0, std::move(text)}};
  }
  if (!config.empty()) {
    if (auto applied = apply_file(app, config); !applied) return std::unexpected{applied.error()};
  }
  if (options.tls_certificate.empty() != options.tls_key.empty())
    return std::unexpected{Ending{2, "--tls-certificate and --tls-key go together: name both."}};
  return options;
}

}  // namespace parley::app
