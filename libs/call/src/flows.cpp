#include "flows.hpp"

#include <parley/flow/gate.hpp>

namespace parley::call {

using flow::attempt;
using flow::gate;
using flow::task;

task<> caller(Peer& peer) {
  co_await peer.get_media_stream();
  co_await peer.send_offer();
  co_await peer.get_remote_sdp();
}

task<> receiver(Peer& peer) {
  co_await gate(peer.get_remote_sdp(), peer.get_media_stream());
  co_await peer.send_answer();
}

namespace {

task<> answer_offer(Peer& peer) {
  co_await peer.get_remote_sdp();
  co_await peer.send_answer();
}

}  // namespace

task<> negotiate(Peer& peer, Role role) {
  if (role == Role::caller) {
    co_await caller(peer);
  } else {
    co_await receiver(peer);
  }
  peer.negotiated = true;
  for (;;) co_await attempt(answer_offer(peer));
}

}  // namespace parley::call
