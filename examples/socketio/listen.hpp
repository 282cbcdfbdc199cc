#pragma once

#include <parley/net/socket_io.hpp>

#include <cstdint>
#include <cstdlib>
#include <iostream>

/// Serves at the port that the program was given (3000 unless told; 0 picks one) until it is
/// stopped, and says where. What main() returns.
inline int serve(parley::net::SocketIo& server, int argc, char** argv) {
  const auto wanted = static_cast<std::uint16_t>(argc > 1 ? std::atoi(argv[1]) : 3000);
  const auto port = server.listen("127.0.0.1", wanted);
  if (!port) {
    std::cerr << "Cannot listen on port " << wanted << ": " << text(port.error().fault) << '\n';
    return 1;
  }
  std::cout << "http://127.0.0.1:" << *port << std::endl;
  server.run();
  return 0;
}
