#pragma once

#include "crowd.hpp"

#include <cstddef>
#include <string_view>
#include <vector>

namespace parley::bench {

/// Pairs of clients in `/rtc`: 2n and 2n+1 are partners, or, two `apart`, 4n and 4n+2, and 4n+1 and
/// 4n+3. A server that deals connections out in turn to two threads has those on the same one.
///
/// The server pairs whoever arrives one after the other, so that they join one by one.
class Pairs : public Watcher {
 public:
  explicit Pairs(Target target, std::size_t apart = 1)
      : crowd_{std::move(target), *this}, apart_{apart} {}

  Crowd& crowd() { return crowd_; }
  Client& partner(const Client& client) { return crowd_.client(client.index ^ apart_); }
  bool is_caller(const Client& client) const { return (client.index & apart_) == 0; }

  /// Connects so many, and returns when each has its partner.
  void gather(std::size_t connections);

  void opened(Client&) override { ++open_; }
  void joined(Client&) override { ++joined_; }
  void received(Client& client, std::string_view packet) override;

 protected:
  /// A packet that is not `identify`.
  virtual void signaled(Client& client, std::string_view packet) = 0;

 private:
  void join_all();

  Crowd crowd_;
  std::size_t apart_;
  std::size_t open_ = 0;
  std::size_t joined_ = 0;
  std::size_t identified_ = 0;
};

}  // namespace parley::bench
