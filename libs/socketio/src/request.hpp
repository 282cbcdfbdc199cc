#pragma once

#include "core.hpp"

#include <utility>

namespace parley::socketio {

/// A question to the other servers, while they may answer. What they say later is ignored.
class Server::Core::Request {
 public:
  Request(Core* core, Hear hear) : core_{core}, id_{++core->last_request_} {
    core_->requests_.emplace(id_, std::move(hear));
  }
  Request(const Request&) = delete;
  Request& operator=(const Request&) = delete;
  ~Request() { core_->requests_.erase(id_); }

  cluster::RequestId id() const { return id_; }

 private:
  Core* core_;
  cluster::RequestId id_;
};

}  // namespace parley::socketio
