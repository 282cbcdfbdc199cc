// TLS over real sockets on 127.0.0.1: RFC 8446 and RFC 5246 by OpenSSL's client, ALPN (RFC 7301),
// files that change while we serve, and those who came to the wrong port.

#include "certificate.hpp"
#include "plain_client.hpp"
#include "running_server.hpp"
#include "tls_client.hpp"
#include "wire.hpp"

#include <parley/websocket/frame.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <string>

namespace parley::net {
namespace {

using namespace std::chrono_literals;
using websocket::Opcode;

constexpr std::string_view get_one = "GET /one HTTP/1.1\r\nHost: a\r\n\r\n";

class ServerTls : public testing::Test {
 protected:
  // A client's write to a server that is gone is an error to us, and not the end of the tests.
  ServerTls() { std::signal(SIGPIPE, SIG_IGN); }

  TlsDirectory directory;
};

bool answers(PlainClient& client) {
  client.send(get_one);
  const auto answer = client.read_until("GET /one");
  return answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.ends_with("\r\n\r\nGET /one");
}

TEST_F(ServerTls, AnswersRequestsWithTls13AndTls12) {
  RunningServer server{{}, {}, directory.files()};
  for (const int version : {TLS1_3_VERSION, TLS1_2_VERSION}) {
    TlsClient client{server.tls_port(), {.version_max = version}};
    ASSERT_TRUE(client.shook_hands());
    EXPECT_EQ(client.version(), version == TLS1_3_VERSION ? "TLSv1.3" : "TLSv1.2");
    EXPECT_TRUE(answers(client));
    EXPECT_TRUE(answers(client));
  }
}

TEST_F(ServerTls, ShowsThatAHandshakeIsSecure) {
  node::Options options;
  options.engineio.allow_request = [](const HttpRequest& handshake) -> Result<void, std::string> {
    const bool is_recent =
        std::chrono::system_clock::now() - handshake.received_at < std::chrono::hours{1};
    return std::unexpected{std::string{handshake.is_secure ? "secure" : "plain"} +
                           (is_recent ? ", just now" : "")};
  };
  RunningServer server{{}, options, directory.files()};
  constexpr auto handshake = "GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: a\r\n\r\n";
  TlsClient tls{server.tls_port()};
  tls.send(handshake);
  EXPECT_NE(tls.read_until("}").find("\"secure, just now\""), std::string::npos);
  PlainClient plain{server.port()};
  plain.send(handshake);
  EXPECT_NE(plain.read_until("}").find("\"plain, just now\""), std::string::npos);
}

TEST_F(ServerTls, RefusesTls11) {
  RunningServer server{{}, {}, directory.files()};
  TlsClient client{server.tls_port(), {.version_max = TLS1_1_VERSION}};
  EXPECT_FALSE(client.shook_hands());
}

TEST_F(ServerTls, ServesPlainHttpBesideIt) {
  RunningServer server{{}, {}, directory.files()};
  PlainClient plain{server.port()};
  TlsClient tls{server.tls_port()};
  EXPECT_TRUE(answers(plain));
  EXPECT_TRUE(answers(tls));
}

TEST_F(ServerTls, AgreesOnHttp11) {
  RunningServer server{{}, {}, directory.files()};
  TlsClient client{server.tls_port(), {.protocols = "\x02h2\x08http/1.1"}};
  EXPECT_EQ(client.protocol(), "http/1.1");
  EXPECT_TRUE(answers(client));
}

TEST_F(ServerTls, RefusesAClientThatWantsOnlyHttp2) {
  RunningServer server{{}, {}, directory.files()};
  TlsClient client{server.tls_port(), {.protocols = "\x02h2"}};
  EXPECT_FALSE(client.shook_hands());
}

TEST_F(ServerTls, ResumesASession) {
  RunningServer server{{}, {}, directory.files()};
  TlsClient first{server.tls_port()};
  EXPECT_TRUE(answers(first));  // the ticket of TLS 1.3 comes after the handshake
  auto* const session = first.session();
  TlsClient second{server.tls_port(), {.resume = session}};
  EXPECT_TRUE(second.resumed());
  EXPECT_TRUE(answers(second));
  SSL_SESSION_free(session);
}

TEST_F(ServerTls, DoesNotRenegotiate) {
  RunningServer server{{}, {}, directory.files()};
  TlsClient client{server.tls_port(), {.version_max = TLS1_2_VERSION}};
  ASSERT_TRUE(client.shook_hands());
  EXPECT_FALSE(client.renegotiate());
}

TEST_F(ServerTls, SendsWhatIsLargerThanTheKernelTakesAtOnce) {
  RunningServer server{{}, {}, directory.files()};
  TlsClient client{server.tls_port()};
  client.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
  client.read_until("\r\n\r\n");
  EXPECT_TRUE(client.read(EchoPages::large) == std::string(EchoPages::large, 'x'));
  EXPECT_TRUE(answers(client));
}

TEST_F(ServerTls, ReadsWhatIsLargerThanARecord) {
  RunningServer server{{}, {}, directory.files()};
  TlsClient client{server.tls_port()};
  const std::string body(500'000, 'y');
  client.send("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 500000\r\n\r\n" + body);
  client.read_until("POST /x");
  EXPECT_TRUE(client.read(body.size()) == body);
}

TEST_F(ServerTls, ReadsRequestsThatDripInByteByByte) {
  RunningServer server{{}, {}, directory.files()};
  TlsClient client{server.tls_port()};
  for (const char byte : get_one) client.send({&byte, 1});
  EXPECT_TRUE(client.read_until("GET /one").starts_with("HTTP/1.1 200 OK\r\n"));
}

TEST_F(ServerTls, SaysGoodbyeBeforeItCloses) {
  RunningServer server{{}, {}, directory.files()};
  TlsClient client{server.tls_port()};
  client.send("GET /one HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  EXPECT_TRUE(client.read_all().ends_with("GET /one"));
  EXPECT_TRUE(client.saw_goodbye());
}

TEST_F(ServerTls, CarriesAWebSocket) {
  RunningServer server{{}, {}, directory.files()};
  TlsClient client{server.tls_port()};
  client.send(upgrade_request());
  EXPECT_TRUE(client.read_until("\r\n\r\n").starts_with("HTTP/1.1 101 "));
  client.read_until("}");
  client.send(frame(Opcode::ping, "there?"));
  EXPECT_EQ(client.read(8), "\x8a\x06there?");
}

TEST_F(ServerTls, GivesUpAHandshakeThatDoesNotComeToItsEnd) {
  RunningServer server{{.handshake_time = 50ms}, {}, directory.files()};
  PlainClient silent{server.tls_port()};
  EXPECT_EQ(silent.read_all(), "");
  PlainClient slow{server.tls_port()};
  slow.send(std::string_view{"\x16\x03\x01\x02\x00\x01", 6});
  EXPECT_EQ(slow.read_all(), "");
}

TEST_F(ServerTls, TellsAPlainClientThatItCameToTheWrongPort) {
  RunningServer server{{}, {}, directory.files()};
  PlainClient client{server.tls_port()};
  client.send(get_one);
  const auto answer = client.read_all();
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 400 Bad Request\r\n")) << answer;
  EXPECT_TRUE(answer.ends_with("This port speaks TLS: use https:// or wss://.\n")) << answer;
  EXPECT_TRUE(server.log().wait_for("A plain HTTP request came to a port that speaks TLS."));
}

TEST_F(ServerTls, LogsATlsClientThatCameToThePlainPort) {
  RunningServer server{{}, {}, directory.files()};
  TlsClient client{server.port()};
  EXPECT_FALSE(client.shook_hands());
  EXPECT_TRUE(server.log().wait_for("A TLS handshake came to a port that speaks plain HTTP."));
}

TEST_F(ServerTls, OutlivesRubbish) {
  RunningServer server{{}, {}, directory.files()};
  PlainClient rubbish{server.tls_port()};
  rubbish.send(std::string_view{"\x16\x03\x01\x00\x05hello and no more", 22});
  rubbish.read_all();
  TlsClient client{server.tls_port()};
  EXPECT_TRUE(answers(client));
}

TEST_F(ServerTls, ReadsFilesThatChangedAndKeepsItsConnections) {
  RunningServer server{{.tls_files_time = 5ms}, {}, directory.files()};
  TlsClient before{server.tls_port()};
  EXPECT_EQ(before.server_name(), "first");
  directory.put(Identity{"second"});
  ASSERT_TRUE(server.log().wait_for("is read anew."));
  TlsClient after{server.tls_port()};
  EXPECT_EQ(after.server_name(), "second");
  EXPECT_TRUE(answers(before));
  EXPECT_TRUE(answers(after));
}

TEST_F(ServerTls, KeepsTheOldCertificateWhileTheNewOneWillNotDo) {
  RunningServer server{{.tls_files_time = 5ms}, {}, directory.files()};
  const Identity second{"second"};
  second.write_certificate(directory.files().certificate);
  ASSERT_TRUE(server.log().wait_for("The old certificate stays in use until both files fit."));
  TlsClient between{server.tls_port()};
  EXPECT_EQ(between.server_name(), "first");
  second.write_key(directory.files().key);
  ASSERT_TRUE(server.log().wait_for("is read anew."));
  TlsClient after{server.tls_port()};
  EXPECT_EQ(after.server_name(), "second");
}

TEST_F(ServerTls, StopsInOrder) {
  RunningServer server{{}, {}, directory.files()};
  TlsClient client{server.tls_port()};
  EXPECT_TRUE(answers(client));
  server.stop();
  EXPECT_EQ(client.read_all(), "");
}

class ListenTls : public testing::Test {
 protected:
  // The fault, and the sentence that tells of it with the directory's name left out.
  ListenFault fault() {
    const auto port = server.listen("127.0.0.1", 0, directory.files());
    if (port) return ListenFault::failed;
    sentence = sentence_for(port.error(), directory.files());
    return port.error().fault;
  }

  TlsDirectory directory;
  SystemEntropy entropy;
  node::Node node{{}, entropy};
  EchoPages pages;
  Server server{node, pages, {}, [](auto, auto) {}};
  std::string sentence;
};

TEST_F(ListenTls, SaysThatACertificateCannotBeRead) {
  std::filesystem::remove(directory.files().certificate);
  EXPECT_EQ(fault(), ListenFault::certificate_unusable);
  EXPECT_EQ(sentence, "Cannot read the certificate " + directory.files().certificate +
                          ": No such file or directory.");
}

TEST_F(ListenTls, SaysThatThereIsNoCertificateInAFile) {
  std::ofstream{directory.files().certificate} << "hello";
  EXPECT_EQ(fault(), ListenFault::certificate_unusable);
  EXPECT_EQ(sentence, "There is no PEM certificate in " + directory.files().certificate + '.');
}

TEST_F(ListenTls, SaysThatAKeyCannotBeRead) {
  std::filesystem::remove(directory.files().key);
  EXPECT_EQ(fault(), ListenFault::key_unusable);
  EXPECT_EQ(sentence,
            "Cannot read the key " + directory.files().key + ": No such file or directory.");
}

TEST_F(ListenTls, SaysThatAKeyHasAPassphrase) {
  Identity{"first"}.write_key(directory.files().key, "secret");
  EXPECT_EQ(fault(), ListenFault::key_unusable);
  EXPECT_EQ(sentence, "There is no PEM key without a passphrase in " + directory.files().key + '.');
}

TEST_F(ListenTls, SaysThatAKeyBelongsToAnotherCertificate) {
  Identity{"second"}.write_key(directory.files().key);
  EXPECT_EQ(fault(), ListenFault::key_of_another);
  EXPECT_EQ(sentence, "The key " + directory.files().key + " does not belong to the certificate " +
                          directory.files().certificate + '.');
}

}  // namespace
}  // namespace parley::net
