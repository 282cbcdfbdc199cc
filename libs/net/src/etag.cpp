#include <parley/net/etag.hpp>

#include <openssl/evp.h>

#include <array>

namespace parley::net {

std::string etag_of(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
  std::string etag = "\"";
  for (std::size_t at = 0; at < 16; ++at) {
    constexpr std::string_view digits = "0123456789abcdef";
    etag += digits[digest[at] >> 4];
    etag += digits[digest[at] & 15];
  }
  return etag + '"';
}

bool is_held_by_client(const HttpRequest& request, std::string_view etag) {
  const auto held = request.field("if-none-match");
  if (!held) return false;
  return list_contains(*held, etag) || list_contains(*held, "W/" + std::string{etag}) ||
         list_contains(*held, "*");
}

}  // namespace parley::net
