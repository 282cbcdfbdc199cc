// The same flows in asynquence with its contributed plugins, as its own documentation writes them. It
// runs every step, also the first, from setImmediate(). Each flow is given back as a promise of its
// end, because the driver awaits it; that promise is made the cheapest way, by a last step.
import ASQ from "asynquence-contrib";

import { beginSlow } from "./host.mjs";

const end = (sequence) => new Promise((done, fail) => sequence.val(done).or(fail));

const add = (done, value) => done(value + 1);

const sum = (...values) => values.reduce((total, value) => total + value);

function steps() {
  return end(ASQ(0).then(add, add, add, add, add, add, add, add, add, add));
}

export function asynquence(host) {
  const operation = host.begin;
  const peer = { getMediaStream: operation, sendOffer: operation, getRemoteSdp: operation, sendAnswer: operation };
  const racers = [operation, ...Array(7).fill(beginSlow)];

  function gate(count) {
    return end(ASQ().gate(...Array(count).fill(operation)).val(sum));
  }

  /** The README's time limit. Its timer cannot be cancelled. */
  function limit() {
    return end(ASQ().race(operation, ASQ.failAfter(30_000, "Timeout!")));
  }

  /** What loses goes on and is ignored; nothing can tell it to stop. */
  function cancelledRace() {
    return end(ASQ().race(...racers));
  }

  function caller() {
    return end(ASQ().then(peer.getMediaStream).then(peer.sendOffer).then(peer.getRemoteSdp));
  }

  function receiver() {
    return end(ASQ().gate(peer.getRemoteSdp, peer.getMediaStream).then(peer.sendAnswer));
  }

  return {
    steps,
    gate2: () => gate(2),
    gate8: () => gate(8),
    gate100: () => gate(100),
    cancelled_race: cancelledRace,
    caller,
    receiver,
    limit,
  };
}
