#pragma once

#include <parley/base/result.hpp>
#include <parley/base/time.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace parley::app {

/// The processors that this process may use, as far as the server makes use of them.
std::size_t cores();

struct Options {
  std::string address = "localhost";
  std::uint16_t port = 8006;
  std::uint16_t tls_port = 8443;
  std::string tls_certificate;  // files; both empty: no TLS
  std::string tls_key;
  std::filesystem::path pages;         // empty: found beside the program
  std::filesystem::path serve_client;  // a directory; empty: nowhere
  std::vector<std::string> allow_origin;
  std::string log_level = "info";
  std::size_t threads = cores();
  std::size_t max_connections = 20'000;
  std::size_t max_http_buffer_size = 1'000'000;
  bool allow_eio3 = false;
  bool http_compression = true;
  bool per_message_deflate = false;
  std::string cookie;               // its name; empty: none
  unsigned ping_interval = 25'000;  // ms, as are the names' of the field's documentation
  unsigned ping_timeout = 20'000;
};

/// Why the program ends before it serves anyone: what it says, and its exit code. 0 after --help
/// and
/// --version, 1 for a configuration file that will not do, 2 for a command line that will not do.
struct Ending {
  int exit_code;
  std::string text;
};

/// Reads the command line, and the configuration file that it names. What the command line says
/// wins.
[[nodiscard]] Result<Options, Ending> read_options(int argc, const char* const* argv);

}  // namespace parley::app
