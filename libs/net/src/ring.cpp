#include "ring.hpp"

#include <liburing.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace parley::net {

namespace {

// One entry into the kernel for two transfers costs about what it saves.
constexpr std::size_t worthwhile = 3;

// A nonsense that no call returns: what has it is not done yet.
constexpr ssize_t undone = -4096;

ssize_t receive_now(const Transfer& transfer) {
  return ::recv(transfer.socket, transfer.bytes.data(), transfer.bytes.size(), MSG_DONTWAIT);
}

ssize_t send_now(const Transfer& transfer) {
  return ::send(transfer.socket, transfer.bytes.data(), transfer.bytes.size(),
                MSG_DONTWAIT | MSG_NOSIGNAL);
}

void prepare_receive(io_uring_sqe* entry, const Transfer& transfer) {
  io_uring_prep_recv(entry, transfer.socket, transfer.bytes.data(), transfer.bytes.size(),
                     MSG_DONTWAIT);
}

void prepare_send(io_uring_sqe* entry, const Transfer& transfer) {
  io_uring_prep_send(entry, transfer.socket, transfer.bytes.data(), transfer.bytes.size(),
                     MSG_DONTWAIT | MSG_NOSIGNAL);
}

}  // namespace

struct Ring::Queues {
  Queues() = default;
  Queues(const Queues&) = delete;
  Queues& operator=(const Queues&) = delete;
  ~Queues() {
    if (are_open) io_uring_queue_exit(&both);
  }

  io_uring both{};
  bool are_open = false;
};

Ring::Ring(std::size_t transfers_max) : transfers_max_{transfers_max} {
  if (transfers_max < worthwhile) return;
  auto queues = std::make_unique<Queues>();
  io_uring_params parameters{};
  parameters.flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_SUBMIT_ALL | IORING_SETUP_CLAMP;
  const auto entries = static_cast<unsigned>(transfers_max);
  if (io_uring_queue_init_params(entries, &queues->both, &parameters) != 0) return;
  queues->are_open = true;
  transfers_max_ = std::min<std::size_t>(transfers_max, parameters.sq_entries);
  queues_ = std::move(queues);
}

Ring::~Ring() = default;

void Ring::receive(std::span<Transfer> transfers) {
  carry_out(transfers, prepare_receive, receive_now);
}

void Ring::send(std::span<Transfer> transfers) { carry_out(transfers, prepare_send, send_now); }

template <class Prepare, class Call>
void Ring::carry_out(std::span<Transfer> transfers, Prepare prepare, Call call) {
  for (auto& transfer : transfers) transfer.result = undone;
  auto left = transfers;
  while (queues_ && left.size() >= worthwhile) {
    const auto now = left.first(std::min(left.size(), transfers_max_));
    for (std::size_t at = 0; at < now.size(); ++at) {
      auto* const entry = io_uring_get_sqe(&queues_->both);
      prepare(entry, now[at]);
      io_uring_sqe_set_data64(entry, at);
    }
    // A ring that fails is none any more: what it has not done is done below.
    if (!collect(now)) queues_.reset();
    left = left.subspan(now.size());
  }
  for (auto& transfer : transfers) {
    if (transfer.result != undone) continue;
    const auto size = call(transfer);
    transfer.result = size < 0 ? -errno : size;
  }
}

// Every transfer ends while it is submitted, because none may wait: its end is there already.
bool Ring::collect(std::span<Transfer> transfers) {
  const int submitted = io_uring_submit(&queues_->both);
  for (int done = 0; done < submitted; ++done) {
    io_uring_cqe* ended = nullptr;
    while (io_uring_wait_cqe(&queues_->both, &ended) != 0) {
    }
    transfers[static_cast<std::size_t>(ended->user_data)].result = ended->res;
    io_uring_cqe_seen(&queues_->both, ended);
  }
  return submitted == static_cast<int>(transfers.size());
}

}  // namespace parley::net
