// usage: bench_floor; prints its port, and serves until it is killed.

#include "server.hpp"

#include <iostream>

int main() {
  parley::bench::raise_descriptor_limit();
  parley::bench::Server server;
  std::cout << server.port() << '\n' << std::flush;
  server.run();
}
