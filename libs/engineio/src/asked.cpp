#include "asked.hpp"

namespace parley::engineio {

namespace {

std::optional<Transport> transport_of(const Query& query) {
  const auto name = query.get("transport");
  if (name == "polling") return Transport::polling;
  if (name == "websocket") return Transport::websocket;
  return std::nullopt;
}

// Whatever is not 4 is 3.
Dialect dialect_of(const Query& query) {
  return {.revision = query.get("EIO") == "4" ? Revision::v4 : Revision::v3,
          .bytes = query.get("b64").value_or("").empty() ? Dialect::Bytes::bare
                                                         : Dialect::Bytes::base64};
}

}  // namespace

Asked::Asked(std::string_view target) {
  const Query query{target};
  transport = transport_of(query);
  sid = query.get("sid");
  dialect = dialect_of(query);
}

}  // namespace parley::engineio
