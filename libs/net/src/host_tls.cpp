// Certificates that change while we serve, and those who came to the wrong port.

#include "host.hpp"

namespace parley::net {

namespace {

// A misled program knocks again and again; an operator needs to read of it now and then.
constexpr Duration hint_again_after{60'000};

// RFC 8446, section 5.1: what a TLS connection begins with.
constexpr char handshake_record = '\x16';

}  // namespace

std::string sentence_for(const ListenError& error, const TlsFiles& files) {
  const auto why = error.system ? ": " + error.system.message() + '.' : std::string{};
  switch (error.fault) {
    case ListenFault::certificate_unusable:
      return why.empty() ? "There is no PEM certificate in " + files.certificate + '.'
                         : "Cannot read the certificate " + files.certificate + why;
    case ListenFault::key_unusable:
      return why.empty() ? "There is no PEM key without a passphrase in " + files.key + '.'
                         : "Cannot read the key " + files.key + why;
    case ListenFault::key_of_another:
      return "The key " + files.key + " does not belong to the certificate " + files.certificate +
             '.';
    default:
      return "The certificate and its key are not to blame.";
  }
}

void Server::Host::look_at_files() {
  look_at_ = now_ + limits_.tls_files_time;
  for (auto& context : tls_) {
    const auto& files = context.files();
    const auto refreshed = context.refresh();
    if (!refreshed) continue;
    if (*refreshed) {
      log_(node::LogLevel::info, "The certificate " + files.certificate + " is read anew.");
    } else {
      log_(node::LogLevel::warning, sentence_for(refreshed->error(), files) +
                                        " The old certificate stays in use until both files fit.");
    }
  }
}

void Server::Host::give_up_handshake(Connection& connection) {
  if (connection.transport.tls()->met_plain_http()) return refuse_plain_http(connection);
  const auto fault = connection.transport.tls()->fault();
  if (!fault.empty()) log_(node::LogLevel::debug, "A TLS handshake failed: " + fault + '.');
  lost(connection);
}

void Server::Host::refuse_plain_http(Connection& connection) {
  hint(plain_http_said_,
       "A plain HTTP request came to a port that speaks TLS. Use https:// or wss:// there, or the "
       "plain port.");
  connection.transport.become_plain();
  respond(connection, {.status = 400,
                       .fields = {{"Content-Type", "text/plain"}},
                       .body = "This port speaks TLS: use https:// or wss://.\n"});
}

void Server::Host::warn_of_tls(const HttpPhase& http) {
  if (!http.input.starts_with(handshake_record)) return;
  hint(tls_said_,
       "A TLS handshake came to a port that speaks plain HTTP. Use http:// or ws:// there, or the "
       "TLS port.");
}

void Server::Host::hint(std::optional<Time>& said, std::string_view text) {
  if (said && now_ < *said + hint_again_after) return;
  said = now_;
  log_(node::LogLevel::warning, text);
}

}  // namespace parley::net
