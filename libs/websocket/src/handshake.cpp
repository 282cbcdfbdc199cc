#include <parley/base/base64.hpp>
#include <parley/websocket/handshake.hpp>

#include <openssl/sha.h>

#include <algorithm>
#include <array>

namespace parley::websocket {

namespace {

// A field may come in several lines, which count as one list (RFC 9110, section 5.3).
bool field_lists(const HttpRequest& request, std::string_view name, std::string_view token) {
  return std::ranges::any_of(request.fields, [&](const HttpField& field) {
    return equal_ignoring_case(field.name, name) && list_contains(field.value, token);
  });
}

// The base64 form of 16 bytes. Its last four bits are not looked at, because there are clients that
// write 22 random letters.
bool is_key(std::string_view text) {
  return text.size() == 24 && text.ends_with("==") &&
         std::ranges::all_of(text.substr(0, 22), [](char c) {
           return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                  c == '+' || c == '/';
         });
}

HttpResponse refusal(unsigned status, std::string text) {
  return {.status = status, .fields = {{"Content-Type", "text/html"}}, .body = std::move(text)};
}

}  // namespace

bool is_upgrade(const HttpRequest& request) {
  return field_lists(request, "Upgrade", "websocket") &&
         field_lists(request, "Connection", "upgrade");
}

std::string accept_key(std::string_view key) {
  const auto joined = std::string{key} + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::array<unsigned char, SHA_DIGEST_LENGTH> digest;
  SHA1(reinterpret_cast<const unsigned char*>(joined.data()), joined.size(), digest.data());
  return base64_encode({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

Result<HttpResponse, HttpResponse> accept_upgrade(const HttpRequest& request) {
  if (request.method != "GET") return std::unexpected{refusal(405, "Invalid HTTP method")};
  if (!is_upgrade(request)) return std::unexpected{refusal(400, "Invalid Upgrade header")};
  // Only 13 is offered: older drafts carry the page's origin in a field that nobody checks.
  if (request.field("Sec-WebSocket-Version") != "13") {
    auto response = refusal(400, "Missing or invalid Sec-WebSocket-Version header");
    response.fields.push_back({"Sec-WebSocket-Version", "13"});
    return std::unexpected{std::move(response)};
  }
  const auto key = request.field("Sec-WebSocket-Key");
  if (!key || !is_key(*key))
    return std::unexpected{refusal(400, "Missing or invalid Sec-WebSocket-Key header")};
  return HttpResponse{.status = 101,
                      .fields = {{"Upgrade", "websocket"},
                                 {"Connection", "Upgrade"},
                                 {"Sec-WebSocket-Accept", accept_key(*key)}},
                      .body = ""};
}

}  // namespace parley::websocket
