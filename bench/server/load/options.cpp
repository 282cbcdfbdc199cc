#include "options.hpp"

#include <charconv>
#include <string_view>
#include <system_error>

namespace parley::bench {

namespace {

constexpr std::string_view usage =
    "usage: bench_load relay|latency|idle|connect|storm|broadcast|churn --port=N --pid=N\n"
    "  [--scheme=http|https] [--path=TEXT] [--allocations=FILE] [--connections=N] [--bytes=N]\n"
    "  [--in-flight=N] [--apart=1|2] [--rate=N] [--seconds=S] [--warm-up=S] [--settle=S]\n"
    "  [--cycles=N]";

template <class Number>
void read(std::string_view text, Number& number) {
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (fault != std::errc{} || end != text.data() + text.size() || number < 0)
    fail("not a number: " + std::string{text});
}

void set(Options& options, std::string_view name, std::string_view value) {
  if (name == "--port") return read(value, options.port);
  if (name == "--pid") return read(value, options.pid);
  if (name == "--connections") return read(value, options.connections);
  if (name == "--bytes") return read(value, options.bytes);
  if (name == "--in-flight") return read(value, options.in_flight);
  if (name == "--cycles") return read(value, options.cycles);
  if (name == "--apart") return read(value, options.apart);
  if (name == "--rate") return read(value, options.rate);
  if (name == "--seconds") return read(value, options.seconds);
  if (name == "--warm-up") return read(value, options.warm_up);
  if (name == "--settle") return read(value, options.settle);
  if (name == "--allocations") {
    options.allocations = value;
    return;
  }
  if (name == "--scheme" && (value == "http" || value == "https")) {
    options.scheme = value;
    return;
  }
  if (name != "--path") fail(std::string{usage});
  options.path = value;
}

}  // namespace

Options read_options(int argc, char** argv) {
  if (argc < 2) fail(std::string{usage});
  Options options{.name = argv[1]};
  for (int i = 2; i < argc; ++i) {
    const std::string_view text{argv[i]};
    const auto sign = text.find('=');
    if (sign == text.npos) fail(std::string{usage});
    set(options, text.substr(0, sign), text.substr(sign + 1));
  }
  if (options.connections < 2 || options.connections % 2 != 0)
    fail("--connections must be even and not 0");
  if ((options.apart != 1 && options.apart != 2) || options.connections % (2 * options.apart) != 0)
    fail("--apart must be 1 or 2, and --connections a multiple of its double");
  return options;
}

Target target_of(const Options& options, std::string name_space) {
  return {.port = options.port,
          .path = options.path,
          .name_space = std::move(name_space),
          .by_tls = options.scheme == "https"};
}

std::chrono::nanoseconds duration(double seconds) {
  return std::chrono::nanoseconds{static_cast<std::int64_t>(seconds * 1e9)};
}

}  // namespace parley::bench
