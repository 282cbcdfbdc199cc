// The flows in native promises and async functions, as JavaScript of today is written.
import { beginSlow } from "./host.mjs";

async function add(value) {
  return value + 1;
}

async function steps() {
  let value = 0;
  for (let step = 0; step < 10; step += 1) value = await add(value);
  return value;
}

/** An operation that can be given up, as fetch() can. */
function stoppable(begin, signal) {
  return new Promise((done, fail) => {
    signal.addEventListener("abort", () => fail(signal.reason), { once: true });
    begin(done);
  });
}

export function promises(host) {
  const operation = () => new Promise(host.begin);
  const peer = { getMediaStream: operation, sendOffer: operation, getRemoteSdp: operation, sendAnswer: operation };
  const racers = [host.begin, ...Array(7).fill(beginSlow)];

  async function gate(count) {
    const values = await Promise.all(Array.from({ length: count }, operation));
    return values.reduce((sum, value) => sum + value);
  }

  async function limit() {
    let timer;
    const late = new Promise((_, fail) => {
      timer = setTimeout(() => fail(new Error("timed out")), 30_000);
    });
    return Promise.race([operation(), late]).finally(() => clearTimeout(timer));
  }

  async function cancelledRace() {
    const losers = new AbortController();
    try {
      return await Promise.race(racers.map((begin) => stoppable(begin, losers.signal)));
    } finally {
      losers.abort();
    }
  }

  async function caller() {
    await peer.getMediaStream();
    await peer.sendOffer();
    return peer.getRemoteSdp();
  }

  async function receiver() {
    await Promise.all([peer.getRemoteSdp(), peer.getMediaStream()]);
    return peer.sendAnswer();
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
