#pragma once

#include "headcount.hpp"

#include <parley/net/server.hpp>

#include <cstddef>
#include <memory>
#include <vector>

namespace parley::net {

/// What the hosts of one server share. Made before their threads; the count alone changes later.
struct Server::House {
  House(Pages& its_pages, const Limits& its_limits, LogSink its_log, std::size_t shards);
  ~House();

  Pages& pages;
  const Limits limits;
  const LogSink log;
  Headcount headcount;
  std::vector<std::unique_ptr<Host>> hosts;  // each on its thread; to others it is an inbox

  Host& acceptor() const { return *hosts.front(); }
};

}  // namespace parley::net
