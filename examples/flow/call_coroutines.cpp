// The two call flows as coroutines: the caller does one thing after another, the receiver answers
// once both the remote description and the media stream are there.
//
// It prints:
//   media stream: begins
//   media stream: done
//   offer: begins
//   offer: done
//   remote SDP: begins
//   remote SDP: done
//   caller: succeeded
//   remote SDP: begins
//   media stream: begins
//   media stream: done
//   remote SDP: done
//   answering v=0
//   answer: begins
//   answer: done
//   receiver: succeeded

#include "peer.hpp"

namespace {

task<> caller(Peer& peer) {
  co_await peer.get_media_stream();
  co_await peer.send_offer();
  co_await peer.get_remote_sdp();
}

task<> receiver(Peer& peer) {
  const auto both = co_await gate(peer.get_remote_sdp(), peer.get_media_stream());
  std::printf("answering %s\n", get<0>(both).c_str());
  co_await peer.send_answer();
}

}  // namespace

int main() {
  Host host;
  Peer peer{host};

  const flow::Running calling{caller(peer)};  // runs up to its first wait, here and now
  host.advance(host.now() + 10s);
  print("caller", calling.outcome());

  const flow::Running answering{receiver(peer)};
  host.advance(host.now() + 10s);
  print("receiver", answering.outcome());
}
