#pragma once

#include <parley/base/http.hpp>
#include <parley/base/result.hpp>

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

namespace parley::net {

/// The field's client for pages, `/socket.io/socket.io.js` and what belongs to it (Socket.IO,
/// "serveClient"). We ship none: the host names the directory `dist` of npm's `socket.io-client`.
///
/// Read once; only files of the client's own names are ever shown.
class ClientFiles {
 public:
  /// `path` is that of the server's Engine.IO. Fails if there is no `socket.io.js`.
  [[nodiscard]] static Result<ClientFiles, std::error_code> load(
      const std::filesystem::path& directory, std::string_view path = "/socket.io/");

  /// Empty if it asks for none of them, and so for something else.
  std::optional<HttpResponse> get(const HttpRequest& request) const;

 private:
  struct File {
    HttpResponse plain;
    HttpResponse gzip;
  };

  std::map<std::string, File, std::less<>> files_;  // by their whole path
};

}  // namespace parley::net
