#include "process.hpp"

#include "../common/system.hpp"

#include <array>
#include <bit>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

namespace parley::bench {

Process::Process(pid_t id, std::string allocations)
    : id_{id}, allocations_{std::move(allocations)} {
  // Counts the same as utime and stime of /proc/PID/stat, but not in hundredths of a second.
  if (id <= 0 || clock_getcpuclockid(id, &clock_) != 0) fail("there is no process of that --pid");
}

std::chrono::nanoseconds Process::cpu() const {
  timespec time{};
  if (clock_gettime(clock_, &time) != 0) fail_with_errno("the server's clock");
  return std::chrono::seconds{time.tv_sec} + std::chrono::nanoseconds{time.tv_nsec};
}

std::chrono::nanoseconds Process::waited() const {
  std::ifstream file{"/proc/" + std::to_string(id_) + "/schedstat"};
  std::int64_t ran = 0;
  std::int64_t waited = 0;
  if (!(file >> ran >> waited)) return {};  // not every kernel counts it
  return std::chrono::nanoseconds{waited};
}

std::optional<std::uint64_t> Process::allocations() const {
  if (allocations_.empty()) return std::nullopt;
  std::ifstream file{allocations_, std::ios::binary};
  std::array<char, sizeof(std::uint64_t)> bytes;
  if (!file.read(bytes.data(), bytes.size())) fail("cannot read " + allocations_);
  return std::bit_cast<std::uint64_t>(bytes);
}

std::size_t Process::entries(const char* folder) const {
  std::error_code fault;
  const std::filesystem::directory_iterator found{"/proc/" + std::to_string(id_) + '/' + folder,
                                                  fault};
  if (fault) fail("cannot look at what the server has: " + fault.message());
  return static_cast<std::size_t>(std::distance(begin(found), end(found)));
}

Process::Memory Process::memory() const {
  std::ifstream file{"/proc/" + std::to_string(id_) + "/smaps_rollup"};
  if (!file) fail("cannot read the memory of the server");
  Memory memory{};
  std::string line;
  std::getline(file, line);  // the range of addresses
  std::string name;
  std::size_t kilobytes = 0;
  while (file >> name >> kilobytes && std::getline(file, line)) {
    const auto bytes = kilobytes * 1024;
    if (name == "Rss:") memory.resident = bytes;
    if (name == "Pss:") memory.proportional = bytes;
    if (name == "Private_Dirty:") memory.own = bytes;
  }
  return memory;
}

Window::Window(const Process& server)
    : server_{server},
      cpu_{server.cpu()},
      waited_{server.waited()},
      allocations_{server.allocations()},
      began_{std::chrono::steady_clock::now()} {}

void Window::halfway(double count) {
  first_half_ = count;
  cpu_halfway_ = server_.cpu();
}

void Window::add_to(Report& report, double count) const {
  if (count == 0) fail("nothing happened in the time measured");
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began_;
  const std::chrono::duration<double> used = server_.cpu() - cpu_;
  const std::chrono::duration<double> waited = server_.waited() - waited_;
  report.add("count", count)
      .add("cpu_us", used.count() * 1e6 / count)
      .add("per_second", count / took.count())
      .add("busy", used / took)
      .add("waited", waited / took);
  const std::chrono::duration<double> first = cpu_halfway_ - cpu_;
  if (first_half_ > 0 && count > first_half_ && first.count() > 0)
    report.add("drift", (used - first) / (count - first_half_) / (first / first_half_));
  if (allocations_) {
    const auto made = *server_.allocations() - *allocations_;
    report.add("allocations", static_cast<double>(made) / count);
  }
}

}  // namespace parley::bench
