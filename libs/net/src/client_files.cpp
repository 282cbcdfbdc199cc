#include <parley/base/accept_encoding.hpp>
#include <parley/engineio/compress.hpp>
#include <parley/net/client_files.hpp>
#include <parley/net/etag.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <iterator>

namespace parley::net {

namespace {

namespace fs = std::filesystem;

// Each may have a source map, too.
constexpr std::array<std::string_view, 4> names{"socket.io.js", "socket.io.min.js",
                                                "socket.io.esm.min.js", "socket.io.msgpack.min.js"};

Result<std::string, std::error_code> read(const fs::path& file) {
  errno = 0;
  std::ifstream stream{file, std::ios::binary};
  std::string bytes{std::istreambuf_iterator{stream}, {}};
  if (!stream || stream.bad())
    return std::unexpected{std::error_code{errno, std::generic_category()}};
  return bytes;
}

HttpResponse response_of(std::string body, std::string_view type, std::string etag) {
  return {.status = 200,
          .fields = {{"Cache-Control", "public, max-age=0"},
                     {"Content-Type", "application/" + std::string{type} + "; charset=utf-8"},
                     {"ETag", std::move(etag)},
                     {"Vary", "Accept-Encoding"}},
          .body = std::move(body)};
}

std::string_view etag_in(const HttpResponse& response) {
  return std::ranges::find(response.fields, "ETag", &HttpField::name)->value;
}

}  // namespace

Result<ClientFiles, std::error_code> ClientFiles::load(const fs::path& directory,
                                                       std::string_view path) {
  ClientFiles client;
  const auto add = [&](const std::string& name, std::string_view type) {
    auto body = read(directory / name);
    if (!body) return body.error();
    auto etag = etag_of(*body);
    auto packed = response_of(*body, type, etag.substr(0, etag.size() - 1) + "-gzip\"");
    engineio::compress(packed, engineio::Coding::gzip);
    auto plain = response_of(*std::move(body), type, std::move(etag));
    client.files_.emplace(std::string{path} + name, File{std::move(plain), std::move(packed)});
    return std::error_code{};
  };
  for (const auto each : names) {
    const std::string name{each};
    const auto error = add(name, "javascript");
    if (error && each == names.front()) return std::unexpected{error};
    static_cast<void>(add(name + ".map", "json"));
  }
  return client;
}

std::optional<HttpResponse> ClientFiles::get(const HttpRequest& request) const {
  if (request.method != "GET" && request.method != "HEAD") return std::nullopt;
  const auto found = files_.find(request.path());
  if (found == files_.end()) return std::nullopt;
  const auto accepted = request.field("Accept-Encoding").value_or("");
  const auto& form = coding_weight(accepted, "gzip") > 0 ? found->second.gzip : found->second.plain;
  const auto etag = etag_in(form);
  if (!is_held_by_client(request, etag)) return form;
  return HttpResponse{.status = 304, .fields = {{"ETag", std::string{etag}}}, .body = {}};
}

}  // namespace parley::net
