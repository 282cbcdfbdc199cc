#pragma once

#include <parley/base/result.hpp>

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

namespace parley::app {

/// One form of a page, as it is sent.
struct Representation {
  std::string body;
  std::string etag;  // strong: two forms of one page have two
};

struct Page {
  std::string type;
  Representation plain;
  std::optional<Representation> brotli;
  std::optional<Representation> gzip;
  bool immutable = false;  // its name changes with its content
};

struct BundleError {
  std::filesystem::path where;
  std::error_code system;
};

/// A directory of pages, read into memory once. What is asked for later is looked up here by its
/// whole name and nowhere else, so no request can reach a file that was not in the directory.
class Bundle {
 public:
  [[nodiscard]] static Result<Bundle, BundleError> load(const std::filesystem::path& directory);

  /// By the name inside the directory, with '/' between its parts: "assets/index-B1b2.js".
  const Page* find(std::string_view name) const;

 private:
  std::map<std::string, Page, std::less<>> pages_;
};

}  // namespace parley::app
