// The command line and the configuration file: what wins, and what is said about mistakes.

#include "options.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

namespace parley::app {
namespace {

Result<Options, Ending> read(std::vector<const char*> words) {
  words.insert(words.begin(), "parley");
  return read_options(static_cast<int>(words.size()), words.data());
}

class ConfigFile {
 public:
  explicit ConfigFile(const std::string& text)
      : path_{testing::TempDir() + "parley-" +
              testing::UnitTest::GetInstance()->current_test_info()->name() + ".toml"} {
    std::ofstream{path_} << text;
  }
  ~ConfigFile() { std::remove(path_.c_str()); }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

std::string fault_of(const std::string& text) {
  const ConfigFile file{text};
  const auto options = read({"--config", file.path().c_str()});
  if (options) return "none";
  EXPECT_EQ(options.error().exit_code, 1);
  const auto& said = options.error().text;
  return said.starts_with(file.path()) ? said.substr(file.path().size()) : said;
}

TEST(Options, AreThoseOfTheLessonUnlessSaidOtherwise) {
  const auto options = read({});
  ASSERT_TRUE(options);
  EXPECT_EQ(options->address, "localhost");
  EXPECT_EQ(options->port, 8006);
  EXPECT_EQ(options->log_level, "info");
  EXPECT_EQ(options->allow_origin, std::vector<std::string>{});
}

TEST(Options, AreReadFromTheCommandLine) {
  const auto options =
      read({"--address", "::1", "--port", "0", "--allow-origin", "http://a.example",
            "--allow-origin", "http://b.example", "--ping-interval", "300"});
  ASSERT_TRUE(options);
  EXPECT_EQ(options->address, "::1");
  EXPECT_EQ(options->port, 0);
  EXPECT_EQ(options->allow_origin,
            (std::vector<std::string>{"http://a.example", "http://b.example"}));
  EXPECT_EQ(options->ping_interval, 300u);
}

TEST(Options, AreReadFromAFileOfTheSameNames) {
  const ConfigFile file{
      "port = 9000\naddress = \"0.0.0.0\"\nallow-origin = [\"http://a.example\", "
      "\"http://b.example\"]\n"};
  const auto options = read({"--config", file.path().c_str()});
  ASSERT_TRUE(options) << options.error().text;
  EXPECT_EQ(options->port, 9000);
  EXPECT_EQ(options->address, "0.0.0.0");
  EXPECT_EQ(options->allow_origin,
            (std::vector<std::string>{"http://a.example", "http://b.example"}));
}

TEST(Options, ThatAreOnOrOffSayWhich) {
  const auto usual = read({});
  ASSERT_TRUE(usual);
  EXPECT_FALSE(usual->allow_eio3);
  EXPECT_TRUE(usual->http_compression);
  EXPECT_FALSE(usual->per_message_deflate);
  EXPECT_EQ(usual->cookie, "");
  const ConfigFile file{"per-message-deflate = true\nhttp-compression = false\n"};
  const auto options =
      read({"--allow-eio3", "true", "--cookie", "io", "--config", file.path().c_str()});
  ASSERT_TRUE(options) << options.error().text;
  EXPECT_TRUE(options->allow_eio3);
  EXPECT_FALSE(options->http_compression);
  EXPECT_TRUE(options->per_message_deflate);
  EXPECT_EQ(options->cookie, "io");
  EXPECT_EQ(read({"--allow-eio3", "perhaps"}).error().exit_code, 2);
}

TEST(Options, OfTheCommandLineWinOverTheFile) {
  const ConfigFile file{"port = 9000\nlog-level = \"debug\"\n"};
  const auto options = read({"--port", "9001", "--config", file.path().c_str()});
  ASSERT_TRUE(options);
  EXPECT_EQ(options->port, 9001);
  EXPECT_EQ(options->log_level, "debug");
}

TEST(Options, SayWhereTheFileIsWrong) {
  EXPECT_EQ(fault_of("\nprot = 9000\n"), ", line 2: there is no option 'prot'.");
  EXPECT_EQ(fault_of("config = \"x\"\n"), ", line 1: there is no option 'config'.");
  EXPECT_TRUE(fault_of("address = \"::1\"\nport = 70000\n").starts_with(", line 2: "));
  EXPECT_TRUE(fault_of("log-level = \"loud\"\n").starts_with(", line 1: "));
  EXPECT_TRUE(fault_of("port = [1, 2]\n").starts_with(", line 1: "));
  EXPECT_TRUE(fault_of("# fine\nport = \n").starts_with(", line 2: this is not TOML."));
}

TEST(Options, SayWhichFileCannotBeRead) {
  const auto options = read({"--config", "no/such/file.toml"});
  ASSERT_FALSE(options);
  EXPECT_EQ(options.error().exit_code, 1);
  EXPECT_EQ(options.error().text, "The configuration file no/such/file.toml cannot be read.");
}

TEST(Options, RefuseWhatTheyDoNotKnow) {
  for (const char* wrong : {"--prot=1", "--port=70000", "--log-level=loud", "stray"}) {
    const auto options = read({wrong});
    ASSERT_FALSE(options) << wrong;
    EXPECT_EQ(options.error().exit_code, 2) << wrong;
  }
}

TEST(Options, ServeOnAsManyThreadsAsThereAreCoresUnlessSaidOtherwise) {
  const auto options = read({});
  ASSERT_TRUE(options);
  EXPECT_EQ(options->threads, cores());
  EXPECT_GE(cores(), 1u);
  EXPECT_EQ(read({"--threads", "1"})->threads, 1u);
  EXPECT_EQ(read({"--threads", "64"})->threads, 64u);
  for (const char* wrong : {"0", "65", "-1", "many"}) EXPECT_FALSE(read({"--threads", wrong}));
}

TEST(Options, TurnTlsOnWithACertificateAndItsKey) {
  const auto options = read({"--tls-certificate", "c.pem", "--tls-key", "k.pem"});
  ASSERT_TRUE(options);
  EXPECT_EQ(options->tls_certificate, "c.pem");
  EXPECT_EQ(options->tls_key, "k.pem");
  EXPECT_EQ(options->tls_port, 8443);
}

TEST(Options, WantACertificateAndItsKeyTogether) {
  const ConfigFile file{"tls-key = \"k.pem\"\n"};
  for (const auto& words : {std::vector<const char*>{"--tls-certificate", "c.pem"},
                            std::vector<const char*>{"--config", file.path().c_str()}}) {
    const auto options = read(words);
    ASSERT_FALSE(options);
    EXPECT_EQ(options.error().exit_code, 2);
    EXPECT_EQ(options.error().text, "--tls-certificate and --tls-key go together: name both.");
  }
}

TEST(Options, ExplainThemselves) {
  const auto help = read({"--help"});
  ASSERT_FALSE(help);
  EXPECT_EQ(help.error().exit_code, 0);
  for (const char* part : {"--address", "localhost", "--port", "8006", "Example:", "--config"}) {
    EXPECT_NE(help.error().text.find(part), std::string::npos) << part;
  }
  const auto version = read({"--version"});
  ASSERT_FALSE(version);
  EXPECT_EQ(version.error().exit_code, 0);
  EXPECT_TRUE(version.error().text.starts_with("parley "));
}

}  // namespace
}  // namespace parley::app
