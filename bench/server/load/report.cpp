#include "report.hpp"

#include <array>
#include <charconv>
#include <iostream>

namespace parley::bench {

Report::Report(std::string_view of_case) : line_{"{\"case\":\"" + std::string{of_case} + '"'} {}

Report& Report::add(std::string_view name, double value) {
  std::array<char, 32> text;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  line_.append(",\"").append(name).append("\":").append(text.data(), end);
  return *this;
}

void Report::print() const { std::cout << line_ << "}\n" << std::flush; }

}  // namespace parley::bench
