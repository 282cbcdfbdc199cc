#pragma once

#include <string>
#include <string_view>

namespace parley::bench {

/// The line of JSON that a case prints.
class Report {
 public:
  explicit Report(std::string_view of_case);
  Report& add(std::string_view name, double value);
  void print() const;

 private:
  std::string line_;
};

}  // namespace parley::bench
