// usage: bench_floor [at-once]; prints its port, and serves until it is killed.
//
// With `at-once` each signal goes out as soon as it has come, instead of with all others of its
// sender that came in the same read.

#include "server.hpp"

#include <iostream>
#include <string_view>

int main(int argc, char** argv) {
  using parley::bench::Relaying;
  const bool at_once = argc > 1 && std::string_view{argv[1]} == "at-once";
  parley::bench::raise_descriptor_limit();
  parley::bench::Server server{at_once ? Relaying::at_once : Relaying::together};
  std::cout << server.port() << '\n' << std::flush;
  server.run();
}
