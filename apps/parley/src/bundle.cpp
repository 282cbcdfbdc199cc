#include "bundle.hpp"

#include <parley/net/etag.hpp>

#include <array>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <utility>

namespace parley::app {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view brotli_suffix = ".br", gzip_suffix = ".gz";

// Everything that Vite makes of our sources; what is not known is a download.
constexpr std::array types{
    std::pair{".html", "text/html; charset=utf-8"},
    std::pair{".js", "text/javascript; charset=utf-8"},
    std::pair{".css", "text/css; charset=utf-8"},
    std::pair{".wasm", "application/wasm"},
    std::pair{".svg", "image/svg+xml"},
    std::pair{".png", "image/png"},
    std::pair{".ico", "image/x-icon"},
    std::pair{".json", "application/json"},
    std::pair{".webmanifest", "application/manifest+json"},
    std::pair{".txt", "text/plain; charset=utf-8"},
    std::pair{".woff2", "font/woff2"},
};

std::string type_of(const fs::path& file) {
  for (const auto& [suffix, type] : types) {
    if (file.extension() == suffix) return type;
  }
  return "application/octet-stream";
}

Result<Representation, BundleError> read(const fs::path& file) {
  errno = 0;
  std::ifstream stream{file, std::ios::binary};
  std::string body{std::istreambuf_iterator{stream}, {}};
  if (!stream || stream.bad())
    return std::unexpected{BundleError{file, {errno, std::generic_category()}}};
  auto etag = net::etag_of(body);
  return Representation{std::move(body), std::move(etag)};
}

Result<std::optional<Representation>, BundleError> read_if_there(const fs::path& file) {
  std::error_code ignored;
  if (!fs::is_regular_file(file, ignored)) return std::optional<Representation>{};
  auto representation = read(file);
  if (!representation) return std::unexpected{representation.error()};
  return std::optional{*std::move(representation)};
}

fs::path with_suffix(const fs::path& file, std::string_view suffix) {
  return file.string().append(suffix);
}

// A compressed form is no page of its own, but a form of the file beside it.
bool is_compressed_form(const fs::path& file) {
  const auto suffix = file.extension();
  std::error_code ignored;
  return (suffix == brotli_suffix || suffix == gzip_suffix) &&
         fs::exists(fs::path{file}.replace_extension(), ignored);
}

Result<Page, BundleError> read_page(const fs::path& file, const std::string& name) {
  auto plain = read(file);
  if (!plain) return std::unexpected{plain.error()};
  auto brotli = read_if_there(with_suffix(file, brotli_suffix));
  if (!brotli) return std::unexpected{brotli.error()};
  auto gzip = read_if_there(with_suffix(file, gzip_suffix));
  if (!gzip) return std::unexpected{gzip.error()};
  return Page{.type = type_of(file),
              .plain = *std::move(plain),
              .brotli = *std::move(brotli),
              .gzip = *std::move(gzip),
              .immutable = name.starts_with("assets/")};
}

}  // namespace

Result<Bundle, BundleError> Bundle::load(const fs::path& directory) {
  Bundle bundle;
  std::error_code error;
  fs::recursive_directory_iterator entry{directory, error};
  for (; !error && entry != fs::recursive_directory_iterator{}; entry.increment(error)) {
    const auto& file = entry->path();
    if (!entry->is_regular_file(error) || is_compressed_form(file)) continue;
    auto name = file.lexically_relative(directory).generic_string();
    auto page = read_page(file, name);
    if (!page) return std::unexpected{page.error()};
    bundle.pages_.emplace(std::move(name), *std::move(page));
  }
  if (error) return std::unexpected{BundleError{directory, error}};
  return bundle;
}

const Page* Bundle::find(std::string_view name) const {
  const auto found = pages_.find(name);
  return found == pages_.end() ? nullptr : &found->second;
}

}  // namespace parley::app
