#pragma once

#include "environment.hpp"
#include "tcp.hpp"

#include <parley/engineio/outputs.hpp>

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace parley::client {

/// HTTP requests, one after the other, over one TCP connection as long as that lasts.
class HttpConnection final : private Tcp::User {
 public:
  /// Told of each request once, unless it is aborted. It does nothing to the connection meanwhile.
  class Owner {
   public:
    virtual void responded(engineio::RequestId id, unsigned status, std::string_view body) = 0;
    virtual void request_failed(engineio::RequestId id, std::string_view why) = 0;

   protected:
    ~Owner() = default;
  };

  HttpConnection(const Environment& environment, Owner& owner)
      : environment_{environment}, owner_{owner} {}
  HttpConnection(const HttpConnection&) = delete;
  HttpConnection& operator=(const HttpConnection&) = delete;
  ~HttpConnection() { close(); }

  /// A body of nothing is a GET. No other request is in progress.
  void send(engineio::RequestId id, std::string_view target, std::optional<std::string_view> body);
  void abort(engineio::RequestId id);
  void flush() {
    if (tcp_) tcp_->flush();
  }

 private:
  void connected() override {}
  void received(std::span<char> bytes) override;
  void ended(std::string_view why) override;
  void complete();
  void fail(std::string_view why);
  void close();

  const Environment& environment_;
  Owner& owner_;
  std::shared_ptr<Tcp> tcp_;
  Time idle_until_{};  // when the server may close a connection that carries nothing
  std::optional<engineio::RequestId> request_;
  std::optional<ResponseReader> reader_;
};

}  // namespace parley::client
