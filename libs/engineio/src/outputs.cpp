#include <parley/engineio/outputs.hpp>

namespace parley::engineio {

std::string_view text(CloseReason reason) {
  switch (reason) {
    case CloseReason::transport_close:
      return "transport close";
    case CloseReason::transport_error:
      return "transport error";
    case CloseReason::parse_error:
      return "parse error";
    case CloseReason::ping_timeout:
      return "ping timeout";
    case CloseReason::forced_close:
      return "forced close";
  }
  return "";
}

std::optional<Output> Outputs::poll() {
  constexpr std::size_t kept_max = 256;
  if (empty()) return std::nullopt;
  auto output = std::move(queue_[next_++]);
  if (empty()) {
    if (queue_.capacity() > kept_max) queue_ = {};
    queue_.clear();
    next_ = 0;
  }
  return output;
}

}  // namespace parley::engineio
