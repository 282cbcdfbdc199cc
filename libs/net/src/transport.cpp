#include "transport.hpp"

#include <boost/asio/buffer.hpp>

#include <algorithm>
#include <array>

namespace parley::net {

namespace {

bool is_only_full(const error_code& error) {
  return error == asio::error::would_block || error == asio::error::try_again ||
         error == asio::error::interrupted;
}

}  // namespace

Transport::Transport(Socket socket) : socket_{std::move(socket)} {
  // A socket that died between accept and here says so at its first read.
  error_code ignored;
  socket_.non_blocking(true, ignored);
  socket_.set_option(asio::ip::tcp::no_delay{true}, ignored);
}

Read Transport::read(std::span<char> buffer) {
  error_code error;
  const auto size = socket_.read_some(asio::buffer(buffer.data(), buffer.size()), error);
  if (error && !is_only_full(error)) return {.state = ReadState::ended};
  return {.size = size};
}

Sent Transport::send(std::string_view head, std::string_view body) {
  if (backlog() > 0) {
    keep(head, body, 0);
    return Sent::in_part;
  }
  const std::array parts{asio::const_buffer{head.data(), head.size()},
                         asio::const_buffer{body.data(), body.size()}};
  error_code error;
  const auto sent = socket_.write_some(parts, error);
  if (error && !is_only_full(error)) return Sent::failed;
  if (sent == head.size() + body.size()) return Sent::all;
  keep(head, body, sent);
  return Sent::in_part;
}

Sent Transport::flush() {
  error_code error;
  flushed_ += socket_.write_some(asio::buffer(backlog_.data() + flushed_, backlog()), error);
  if (error && !is_only_full(error)) return Sent::failed;
  if (backlog() > 0) return Sent::in_part;
  backlog_ = {};  // gives the memory back, which clear() would not
  flushed_ = 0;
  return Sent::all;
}

void Transport::keep(std::string_view head, std::string_view body, std::size_t sent) {
  // What was flushed is dropped when it is the larger half, so that each byte moves once at most.
  if (flushed_ > backlog_.size() / 2) {
    backlog_.erase(0, flushed_);
    flushed_ = 0;
  }
  const auto of_head = std::min(sent, head.size());
  backlog_.append(head.substr(of_head)).append(body.substr(sent - of_head));
}

void Transport::finish() {
  error_code ignored;
  socket_.shutdown(Socket::shutdown_send, ignored);
}

void Transport::close() {
  error_code ignored;
  socket_.close(ignored);
}

std::string Transport::remote_address() const {
  error_code error;
  const auto endpoint = socket_.remote_endpoint(error);
  return error ? std::string{} : endpoint.address().to_string();
}

}  // namespace parley::net
