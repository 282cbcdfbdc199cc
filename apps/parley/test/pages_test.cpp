// What is served of a directory of pages, and that nothing else is: routes, conditional requests
// and content codings by RFC 9110, security headers.

#include "pages.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace parley::app {
namespace {

namespace fs = std::filesystem;

// A directory of pages beside a file that is nobody's business.
class Directory {
 public:
  Directory() : root_{fs::path{testing::TempDir()} / unique_name()} {
    write("secret.txt", "secret");
    write("pages/index.html", "<p>call</p>");
    write("pages/index.html.br", "brotli form");
    write("pages/index.html.gz", "gzip form");
    write("pages/favicon.svg", "<svg/>");
    write("pages/assets/main-B1b2.js", "let call;");
    write("pages/assets/engine.gz", "no form of anything");
  }
  ~Directory() { fs::remove_all(root_); }

  fs::path pages() const { return root_ / "pages"; }

 private:
  static std::string unique_name() {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    return std::string{"parley-"} + test->test_suite_name() + '-' + test->name();
  }
  void write(const std::string& name, const std::string& text) const {
    fs::create_directories((root_ / name).parent_path());
    std::ofstream{root_ / name} << text;
  }

  fs::path root_;
};

class Pages : public testing::Test {
 protected:
  HttpResponse get(const std::string& target, std::vector<HttpField> fields = {}) {
    return pages.get({.method = "GET",
                      .target = target,
                      .fields = std::move(fields),
                      .body = {},
                      .remote_address = {}});
  }
  HttpResponse request(const std::string& method, const std::string& target) {
    return pages.get(
        {.method = method, .target = target, .fields = {}, .body = {}, .remote_address = {}});
  }

  Directory directory;
  BundlePages pages{*Bundle::load(directory.pages())};
};

std::string field(const HttpResponse& response, std::string_view name) {
  for (const auto& entry : response.fields) {
    if (equal_ignoring_case(entry.name, name)) return entry.value;
  }
  return "";
}

TEST_F(Pages, ShowTheCallAtEleven) {
  const auto response = get("/11");
  EXPECT_EQ(response.status, 200u);
  EXPECT_EQ(response.body, "<p>call</p>");
  EXPECT_EQ(field(response, "Content-Type"), "text/html; charset=utf-8");
  EXPECT_EQ(field(response, "Content-Encoding"), "");
  EXPECT_EQ(get("/11?room=blue").body, "<p>call</p>");
}

TEST_F(Pages, LeadFromTheRootToTheCall) {
  const auto response = get("/");
  EXPECT_EQ(response.status, 302u);
  EXPECT_EQ(field(response, "Location"), "/11");
}

TEST_F(Pages, HaveTheTypeOfTheirName) {
  EXPECT_EQ(field(get("/favicon.svg"), "Content-Type"), "image/svg+xml");
  EXPECT_EQ(field(get("/assets/main-B1b2.js"), "Content-Type"), "text/javascript; charset=utf-8");
}

TEST_F(Pages, ComeInTheFormThatTheClientLikesBest) {
  const auto brotli = get("/11", {{"Accept-Encoding", "gzip, deflate, br, zstd"}});
  EXPECT_EQ(brotli.body, "brotli form");
  EXPECT_EQ(field(brotli, "Content-Encoding"), "br");
  EXPECT_EQ(field(brotli, "Content-Type"), "text/html; charset=utf-8");
  EXPECT_EQ(field(brotli, "Vary"), "Accept-Encoding");
  EXPECT_EQ(get("/11", {{"Accept-Encoding", "br;q=0.5, gzip"}}).body, "gzip form");
  EXPECT_EQ(get("/11", {{"Accept-Encoding", "br;q=0, gzip;q=0"}}).body, "<p>call</p>");
  EXPECT_EQ(get("/favicon.svg", {{"Accept-Encoding", "br, gzip"}}).body, "<svg/>");
}

TEST_F(Pages, AreNotSentAgainToWhoHoldsThem) {
  const auto etag = field(get("/11"), "ETag");
  ASSERT_EQ(etag.size(), 34u);
  for (const auto& held : {etag, "W/" + etag, "\"other\", " + etag, std::string{"*"}}) {
    const auto response = get("/11", {{"If-None-Match", held}});
    EXPECT_EQ(response.status, 304u) << held;
    EXPECT_EQ(response.body, "") << held;
    EXPECT_EQ(field(response, "ETag"), etag) << held;
  }
  EXPECT_EQ(get("/11", {{"If-None-Match", "\"other\""}}).status, 200u);
}

TEST_F(Pages, HaveATagOfItsOwnForEachForm) {
  const auto plain = field(get("/11"), "ETag");
  const auto brotli = field(get("/11", {{"Accept-Encoding", "br"}}), "ETag");
  EXPECT_NE(plain, brotli);
  EXPECT_EQ(get("/11", {{"Accept-Encoding", "br"}, {"If-None-Match", plain}}).status, 200u);
}

TEST_F(Pages, MayBeKeptForEverOnlyIfTheirNameChangesWithThem) {
  EXPECT_EQ(field(get("/assets/main-B1b2.js"), "Cache-Control"),
            "public, max-age=31536000, immutable");
  EXPECT_EQ(field(get("/11"), "Cache-Control"), "no-cache");
  EXPECT_EQ(field(get("/favicon.svg"), "Cache-Control"), "no-cache");
}

TEST_F(Pages, AreTheOnlyThingThereIs) {
  for (const std::string target : {"/11/",
                                   "/12",
                                   "/index.html",
                                   "/index.html.br",
                                   "/assets",
                                   "/assets/",
                                   "/secret.txt",
                                   "/../secret.txt",
                                   "/assets/../../secret.txt",
                                   "/%2e%2e/secret.txt",
                                   "/..%2fsecret.txt",
                                   "/..\\secret.txt",
                                   "//secret.txt",
                                   "/./11",
                                   "/assets/main-B1b2.js%00",
                                   "*",
                                   "secret.txt",
                                   "",
                                   "/assets//main-B1b2.js",
                                   "/%31%31"}) {
    const auto response = get(target);
    EXPECT_EQ(response.status, 404u) << target;
    EXPECT_EQ(response.body.find("secret"), std::string::npos) << target;
  }
  EXPECT_EQ(get(std::string{"/11\0", 4}).status, 404u);
}

TEST_F(Pages, KeepAFileThatOnlyLooksLikeACompressedForm) {
  EXPECT_EQ(get("/assets/engine.gz").body, "no form of anything");
}

TEST_F(Pages, AreOnlyRead) {
  for (const std::string method : {"POST", "PUT", "DELETE", "OPTIONS", "BREW"}) {
    const auto response = request(method, "/11");
    EXPECT_EQ(response.status, 405u) << method;
    EXPECT_EQ(field(response, "Allow"), "GET, HEAD") << method;
  }
  EXPECT_EQ(request("HEAD", "/11").status, 200u);
}

TEST_F(Pages, CarryTheSecurityHeadersWhateverTheAnswer) {
  for (const std::string target : {"/11", "/", "/nothing", "/assets/main-B1b2.js"}) {
    const auto response = get(target);
    EXPECT_EQ(field(response, "Content-Security-Policy"),
              "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; "
              "img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
              "frame-ancestors 'none'")
        << target;
    EXPECT_EQ(field(response, "X-Content-Type-Options"), "nosniff") << target;
    EXPECT_EQ(field(response, "Referrer-Policy"), "no-referrer") << target;
    EXPECT_EQ(field(response, "Permissions-Policy"), "camera=(self), microphone=(self)") << target;
    EXPECT_EQ(field(response, "Cross-Origin-Opener-Policy"), "same-origin") << target;
  }
}

TEST(BundleLoad, SaysWhichDirectoryIsNotThere) {
  const auto bundle = Bundle::load("no/such/directory");
  ASSERT_FALSE(bundle);
  EXPECT_EQ(bundle.error().where, "no/such/directory");
  EXPECT_EQ(bundle.error().system, std::errc::no_such_file_or_directory);
}

}  // namespace
}  // namespace parley::app
