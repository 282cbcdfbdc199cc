#pragma once

#include "crowd.hpp"

#include <cstddef>
#include <string>

#include <sys/types.h>

namespace parley::bench {

/// What a case is told; each reads those that concern it.
struct Options {
  std::string name;              // of the case
  std::uint16_t port = 0;        // of the server, on 127.0.0.1
  pid_t pid = 0;                 // of the server
  std::string allocations = "";  // the file in which the server counts them
  std::string scheme = "http";   // or https
  std::string path = "/socket.io/";
  std::size_t connections = 200;
  std::size_t bytes = 200;      // of an event's argument
  std::size_t in_flight = 1;    // events between the two of a pair
  std::size_t cycles = 10'000;  // clients that come and go in all
  std::size_t apart = 1;        // from a client to its partner, in the order in which they connect
  double rate = 10'000;         // events a second in all, where it is not as many as go
  double seconds = 1;           // how long is measured
  double warm_up = 0.3;         // how long before that
  double settle = 0.5;          // how long the server rests before its memory is looked at
};

Options read_options(int argc, char** argv);

Target target_of(const Options& options, std::string name_space);

std::chrono::nanoseconds duration(double seconds);

}  // namespace parley::bench
