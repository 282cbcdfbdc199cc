#include "tcp.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/write.hpp>

#include <utility>

namespace parley::client {

namespace {

constexpr std::chrono::seconds linger_max{1};

}  // namespace

Tcp::Tcp(const Executor& executor, User& user)
    : socket_{executor}, resolver_{executor}, linger_{executor}, user_{&user} {}

void Tcp::connect(const Url& url) {
  error_code not_an_address;
  const auto address = asio::ip::make_address(url.host, not_an_address);
  if (!not_an_address) {
    const asio::ip::tcp::endpoint endpoint{address, url.port};
    return try_endpoints(asio::ip::tcp::resolver::results_type::create(endpoint, url.host, {}));
  }
  resolver_.async_resolve(
      url.host, std::to_string(url.port),
      [self = shared_from_this()](const error_code& error, const auto& endpoints) {
        if (!self->user_) return;
        error ? self->end(error.message()) : self->try_endpoints(endpoints);
      });
}

void Tcp::try_endpoints(const asio::ip::tcp::resolver::results_type& endpoints) {
  asio::async_connect(socket_, endpoints,
                      [self = shared_from_this()](const error_code& error, const auto&) {
                        if (!self->user_) return;
                        if (error) return self->end(error.message());
                        error_code ignored;
                        self->socket_.set_option(asio::ip::tcp::no_delay{true}, ignored);
                        self->connected_ = true;
                        self->user_->connected();
                        self->flush();
                        self->read();
                      });
}

void Tcp::flush() {
  if (!connected_ || pending_.empty() || !in_flight_.empty()) return;
  in_flight_ = std::exchange(pending_, {});
  asio::async_write(socket_, asio::buffer(in_flight_),
                    [self = shared_from_this()](const error_code& error, std::size_t) {
                      self->in_flight_.clear();
                      // The reader says it better why a connection is gone.
                      if (error) return;
                      self->flush();
                      if (self->finishing_ && self->backlog() == 0) self->shut_down();
                    });
}

void Tcp::read() {
  if (!socket_.is_open()) return;
  socket_.async_read_some(asio::buffer(buffer_),
                          [self = shared_from_this()](const error_code& error, std::size_t size) {
                            if (error) {
                              const bool is_end = error == asio::error::eof;
                              return self->end(is_end ? std::string{} : error.message());
                            }
                            if (self->user_)
                              self->user_->received(std::span{self->buffer_}.first(size));
                            self->read();
                          });
}

void Tcp::finish() {
  user_ = nullptr;
  if (!connected_) return stop();
  finishing_ = true;
  linger_.expires_after(linger_max);
  linger_.async_wait([self = shared_from_this()](const error_code& error) {
    if (!error) self->stop();
  });
  flush();
  if (backlog() == 0) shut_down();
}

void Tcp::shut_down() {
  error_code ignored;
  socket_.shutdown(TcpSocket::shutdown_send, ignored);
}

void Tcp::stop() {
  user_ = nullptr;
  resolver_.cancel();
  linger_.cancel();
  error_code ignored;
  socket_.close(ignored);
}

void Tcp::end(std::string_view why) {
  auto* user = std::exchange(user_, nullptr);
  stop();
  if (user) user->ended(why);
}

}  // namespace parley::client
