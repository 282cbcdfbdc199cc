#include "pairs.hpp"

#include <algorithm>

namespace parley::bench {

namespace {

// More would overflow the queue of a server that takes its time.
constexpr std::size_t at_once = 100;

}  // namespace

void Pairs::gather(std::size_t connections) {
  while (crowd_.size() < connections) {
    const auto more = std::min(at_once, connections - crowd_.size());
    for (std::size_t i = 0; i < more; ++i) crowd_.connect(crowd_.add());
    crowd_.turn_until([&] { return open_ == crowd_.size(); }, "clients to connect");
    join_all();
  }
}

void Pairs::join_all() {
  while (joined_ < crowd_.size()) {
    const auto next = joined_;
    // Two apart: 0, 2, 1, 3.
    const bool is_inner = apart_ == 2 && (next % 4 == 1 || next % 4 == 2);
    crowd_.join(crowd_.client(is_inner ? next ^ 3 : next));
    crowd_.turn_until([&] { return joined_ > next && identified_ >= (next + 1) / 2 * 2; },
                      "clients to be paired");
  }
}

void Pairs::received(Client& client, std::string_view packet) {
  if (packet.starts_with(R"(2/rtc,["identify",)")) {
    ++identified_;
  } else {
    signaled(client, packet);
  }
}

}  // namespace parley::bench
