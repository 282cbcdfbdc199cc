#pragma once

#include <parley/node/log.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <set>

namespace parley::sim {

/// Who waits and who is paired in one life of a server, as its log tells it, held against the rules
/// at every line: at most one waits, the one who waited calls, nobody is in two pairs, and whoever
/// is neither waiting nor paired is dealt with before the server does anything else.
class Register {
 public:
  void read(const node::Log& log);

 private:
  using Number = std::uint64_t;

  void waits(Number peer);
  void calls(Number caller, Number receiver);
  void left(Number peer);
  void admit(Number peer);

  std::optional<Number> waiting_;
  std::map<Number, Number> partners_;
  std::set<Number> free_;
  Number newest_ = 0;
};

}  // namespace parley::sim
