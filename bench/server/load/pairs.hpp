#pragma once

#include "crowd.hpp"

#include <cstddef>
#include <string_view>
#include <vector>

namespace parley::bench {

/// Pairs of clients in `/rtc`: 2n and 2n+1 are partners.
///
/// The server pairs whoever arrives one after the other, so that they join one by one.
class Pairs : public Watcher {
 public:
  explicit Pairs(Target target) : crowd_{std::move(target), *this} {}

  Crowd& crowd() { return crowd_; }
  Client& partner(const Client& client) { return crowd_.client(client.index ^ 1); }

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
  std::size_t open_ = 0;
  std::size_t joined_ = 0;
  std::size_t identified_ = 0;
};

}  // namespace parley::bench
