#include "connection.hpp"

namespace parley::bench {

void Waiting::add(Connection& connection, Clock::time_point now) {
  connection.deadline = now + time_;
  connection.before = last_;
  connection.after = nullptr;
  (last_ ? last_->after : first_) = &connection;
  last_ = &connection;
}

void Waiting::remove(Connection& connection) {
  (connection.before ? connection.before->after : first_) = connection.after;
  (connection.after ? connection.after->before : last_) = connection.before;
}

Connection* Waiting::due(Clock::time_point now) const {
  return first_ && first_->deadline <= now ? first_ : nullptr;
}

}  // namespace parley::bench
