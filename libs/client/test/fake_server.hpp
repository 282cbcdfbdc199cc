#pragma once

#include <parley/client/client.hpp>
#include <parley/websocket/frame.hpp>
#include <parley/websocket/handshake.hpp>
#include <parley/websocket/receiver.hpp>

#include <gtest/gtest.h>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace parley::client {

namespace asio = boost::asio;

/// Runs `io` until `is_so()`; a test that waits in vain fails after 10 s.
inline void run_until(asio::io_context& io, auto is_so) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{10};
  while (!is_so()) {
    io.restart();
    io.run_one_until(deadline);
    if (std::chrono::steady_clock::now() >= deadline) {
      ADD_FAILURE() << "waited in vain";
      return;
    }
  }
}

/// One connection of a client, whose bytes a test reads and writes by hand.
class Peer {
 public:
  explicit Peer(asio::ip::tcp::socket socket) : socket_{std::move(socket)} { read(); }

  void send(std::string_view bytes) { asio::write(socket_, asio::buffer(bytes)); }
  void frame(websocket::Opcode opcode, std::string_view payload) {
    send(websocket::encode_frame(opcode, payload));
  }
  void close() { socket_.close(); }

  bool is_closed() const { return closed_; }
  bool has_request() const { return received_.find("\r\n\r\n") != std::string::npos; }
  /// All that came since, at least a whole header.
  std::string take() { return std::exchange(received_, {}); }

  /// From here on what comes is taken for frames. Each is kept as its payload, behind the word for
  /// what it is.
  void become_websocket() { is_websocket_ = true; }
  std::vector<std::string> frames;

 private:
  void read() {
    socket_.async_read_some(asio::buffer(buffer_), [this](auto error, std::size_t size) {
      if (error == asio::error::operation_aborted) return;
      if (error) {
        closed_ = true;
        return;
      }
      is_websocket_ ? receive(std::span{buffer_}.first(size))
                    : static_cast<void>(received_.append(buffer_.data(), size));
      read();
    });
  }

  void receive(std::span<char> bytes) {
    receiver_.receive(bytes);
    while (const auto event = receiver_.poll()) {
      if (const auto* message = std::get_if<websocket::Message>(&*event))
        frames.emplace_back(message->payload);
      else if (const auto* pong = std::get_if<websocket::Pong>(&*event))
        frames.push_back("pong " + std::string{pong->payload});
      else if (const auto* end = std::get_if<websocket::PeerClose>(&*event))
        frames.push_back("close " + (end->code ? std::to_string(*end->code) : ""));
      else
        frames.emplace_back("unexpected");
    }
  }

  asio::ip::tcp::socket socket_;
  std::array<char, 4'096> buffer_;
  std::string received_;
  websocket::Receiver receiver_{websocket::Role::server, {}};
  bool is_websocket_ = false;
  bool closed_ = false;
};

/// Takes connections and does nothing by itself.
class FakeServer {
 public:
  explicit FakeServer(asio::io_context& io)
      : io_{io}, acceptor_{io, {asio::ip::address_v4::loopback(), 0}} {
    accept();
  }

  Url url() const { return {.host = "127.0.0.1", .port = acceptor_.local_endpoint().port()}; }
  std::size_t accepted() const { return peers_.size(); }

  /// The connection of that number, from 0; waits for it and for a request on it.
  Peer& request(std::size_t number) {
    run_until(io_, [&] { return peers_.size() > number && peers_[number]->has_request(); });
    return *peers_.at(number);
  }

 private:
  void accept() {
    acceptor_.async_accept([this](auto error, asio::ip::tcp::socket socket) {
      if (error) return;
      peers_.push_back(std::make_unique<Peer>(std::move(socket)));
      accept();
    });
  }

  asio::io_context& io_;
  asio::ip::tcp::acceptor acceptor_;
  std::vector<std::unique_ptr<Peer>> peers_;
};

inline const std::string handshake =
    R"({"sid":"abc","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000})";

inline std::string ok(std::string_view body, std::string_view fields = "") {
  return "HTTP/1.1 200 OK\r\n" + std::string{fields} +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string{body};
}

/// The 101 that a request for a WebSocket is to get.
inline std::string accepting(std::string_view request) {
  constexpr std::string_view name = "Sec-WebSocket-Key: ";
  const auto key = request.substr(request.find(name) + name.size(), 24);
  return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
         "Sec-WebSocket-Accept: " +
         websocket::accept_key(key) + "\r\n\r\n";
}

}  // namespace parley::client
