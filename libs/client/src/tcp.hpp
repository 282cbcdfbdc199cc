#pragma once

#include "asio.hpp"

#include <parley/client/url.hpp>

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace parley::client {

/// One TCP connection to a server, from the look-up of its name to its end.
///
/// Owned by its user and by the operations that Asio has under way for it. The user is told nothing
/// any more after finish() or stop(), one of which it calls before it is gone.
class Tcp : public std::enable_shared_from_this<Tcp> {
 public:
  class User {
   public:
    virtual void connected() = 0;
    virtual void received(std::span<char> bytes) = 0;
    /// It could not be had, or is gone: the last word. `why` is empty if the peer closed it.
    virtual void ended(std::string_view why) = 0;

   protected:
    ~User() = default;
  };

  Tcp(const Executor& executor, User& user);

  void connect(const Url& url);

  /// Keeps bytes until flush(), before it is connected too.
  void write(std::string_view bytes) { pending_ += bytes; }
  /// Sends what is kept.
  void flush();
  /// Bytes that the system has not taken.
  std::size_t backlog() const { return pending_.size() + in_flight_.size(); }

  /// Sends what is kept, and gives the peer a moment to read it and to close.
  void finish();
  /// Closes it as it is.
  void stop();

 private:
  void try_endpoints(const asio::ip::tcp::resolver::results_type& endpoints);
  void read();
  void end(std::string_view why);
  void shut_down();

  TcpSocket socket_;
  asio::ip::basic_resolver<asio::ip::tcp, Executor> resolver_;
  SteadyTimer linger_;
  User* user_;
  bool connected_ = false;
  bool finishing_ = false;
  std::string pending_;
  std::string in_flight_;
  std::array<char, 16'384> buffer_;
};

}  // namespace parley::client
