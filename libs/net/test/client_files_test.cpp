// The client that pages load from the server, as the original answers (Socket.IO 4.8.4,
// "serveClient"); codings and conditional requests by RFC 9110.

#include <parley/net/client_files.hpp>

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace parley::net {
namespace {

namespace fs = std::filesystem;

class Directory {
 public:
  Directory() {
    fs::create_directories(path_);
    write("socket.io.js", std::string(1000, 'x'));
    write("socket.io.js.map", "{}");
    write("package.json", "{}");
  }
  ~Directory() { fs::remove_all(path_); }
  const fs::path& path() const { return path_; }

 private:
  void write(const std::string& name, const std::string& text) const {
    std::ofstream{path_ / name} << text;
  }
  fs::path path_ =
      fs::path{testing::TempDir()} /
      (std::string{"client-"} + testing::UnitTest::GetInstance()->current_test_info()->name());
};

using Fields = std::vector<HttpField>;

class ClientFilesOfADirectory : public testing::Test {
 protected:
  std::optional<HttpResponse> ask(const std::string& target, Fields fields = {},
                                  const std::string& method = "GET") {
    return files.get({.method = method,
                      .target = target,
                      .fields = std::move(fields),
                      .body = {},
                      .remote_address = {}});
  }
  static std::string field(const HttpResponse& response, std::string_view name) {
    for (const auto& field : response.fields)
      if (field.name == name) return field.value;
    return "none";
  }

  Directory directory;
  ClientFiles files = ClientFiles::load(directory.path()).value();
};

TEST_F(ClientFilesOfADirectory, AreShownAsTheOriginalShowsThem) {
  const auto script = ask("/socket.io/socket.io.js?v=1").value();
  EXPECT_EQ(script.status, 200U);
  EXPECT_EQ(script.body, std::string(1000, 'x'));
  EXPECT_EQ(field(script, "Cache-Control"), "public, max-age=0");
  EXPECT_EQ(field(script, "Content-Type"), "application/javascript; charset=utf-8");
  EXPECT_EQ(field(ask("/socket.io/socket.io.js.map").value(), "Content-Type"),
            "application/json; charset=utf-8");
}

TEST_F(ClientFilesOfADirectory, ArePackedForWhoTakesThat) {
  const auto plain = ask("/socket.io/socket.io.js").value();
  const auto packed =
      ask("/socket.io/socket.io.js", {{"Accept-Encoding", "br, gzip, deflate"}}).value();
  EXPECT_EQ(field(packed, "Content-Encoding"), "gzip");
  EXPECT_TRUE(packed.body.starts_with("\x1f\x8b"));
  EXPECT_LT(packed.body.size(), 100U);
  EXPECT_EQ(field(packed, "Vary"), "Accept-Encoding");
  EXPECT_NE(field(packed, "ETag"), field(plain, "ETag"));
}

TEST_F(ClientFilesOfADirectory, AreNotSentAgainToWhoHasThem) {
  const auto etag = field(ask("/socket.io/socket.io.js").value(), "ETag");
  for (const auto& held : {etag, "W/" + etag, "\"other\", " + etag}) {
    const auto answer = ask("/socket.io/socket.io.js", {{"If-None-Match", held}}).value();
    EXPECT_EQ(answer.status, 304U);
    EXPECT_EQ(answer.body, "");
    EXPECT_EQ(field(answer, "ETag"), etag);
  }
  EXPECT_EQ(ask("/socket.io/socket.io.js", {{"If-None-Match", "\"other\""}}).value().status, 200U);
}

TEST_F(ClientFilesOfADirectory, LeaveAllElseToTheNode) {
  for (const auto* target :
       {"/socket.io/", "/socket.io/socket.io.min.js", "/socket.io/package.json", "/socket.io.js",
        "/socket.io/x/../socket.io.js", "/socket.io/?EIO=4&transport=polling"})
    EXPECT_EQ(ask(target), std::nullopt) << target;
  EXPECT_EQ(ask("/socket.io/socket.io.js", {}, "POST"), std::nullopt);
}

TEST_F(ClientFilesOfADirectory, LieBelowThePathOfTheServer) {
  const auto elsewhere = ClientFiles::load(directory.path(), "/chat/").value();
  const HttpRequest request{"GET", "/chat/socket.io.js", {}, {}, {}};
  EXPECT_TRUE(elsewhere.get(request));
}

TEST(ClientFilesOfNoDirectory, AreAnError) {
  const auto nothing = ClientFiles::load(fs::path{testing::TempDir()} / "no such directory");
  EXPECT_EQ(nothing.error(), std::errc::no_such_file_or_directory);
}

}  // namespace
}  // namespace parley::net
