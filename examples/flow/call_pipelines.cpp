// The two call flows as pipelines, which read like the sentence. A step is called with the peer and
// with the value of the step before it, as much of both as it takes.
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

task<> caller(Peer& peer, Host& host) {
  return flow::with(peer) | &Peer::get_media_stream | &Peer::send_offer | &Peer::get_remote_sdp |
         within(host, 30s);
}

task<> receiver(Peer& peer) {
  const auto show = [](const std::string& sdp) { std::printf("answering %s\n", sdp.c_str()); };
  return flow::with(peer) | flow::gate(&Peer::get_remote_sdp, &Peer::get_media_stream) | show |
         &Peer::send_answer;
}

}  // namespace

int main() {
  Host host;
  Peer peer{host};

  const flow::Running calling{caller(peer, host)};
  host.advance(host.now() + 10s);
  print("caller", calling.outcome());

  const flow::Running answering{receiver(peer)};
  host.advance(host.now() + 10s);
  print("receiver", answering.outcome());
}
