#include <parley/client/errors.hpp>

#include <string>

namespace parley::client {

namespace {

class Category final : public std::error_category {
 public:
  const char* name() const noexcept override { return "parley.client"; }
  std::string message(int code) const override {
    switch (static_cast<Errc>(code)) {
      case Errc::connect_error:
        return "the server could not be connected";
      case Errc::disconnected:
        return "the socket was disconnected";
      case Errc::too_many_attachments:
        return "an event has too many attachments";
      case Errc::buffer_full:
        return "too much waits for the connection";
      case Errc::reserved_event:
        return "the name of the event is reserved";
      case Errc::closed:
        return "the client is gone";
    }
    return "unknown error";
  }
};

}  // namespace

const std::error_category& category() noexcept {
  static const Category the_category;
  return the_category;
}

}  // namespace parley::client
