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

}  // namespace parley::engineio
