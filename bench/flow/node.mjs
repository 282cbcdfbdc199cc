// Measures the flows in JavaScript: node node.mjs [--seconds 0.02] [--repetitions 10]
// Writes a line of JSON for each repetition of each peer's cases: ns is the processor's time for one
// whole flow, the mean of flows of which each begins when the one before has ended and which together
// take at least as many seconds as were asked for. ns_at_once is one flow's share where many run side by side.
import assert from "node:assert/strict";
import { cpuUsage, exit } from "node:process";
import { parseArgs } from "node:util";

import { asynquence } from "./asynquence.mjs";
import { Host } from "./host.mjs";
import { promises } from "./promises.mjs";

const results = { steps: 10, gate2: 2, gate8: 8, gate100: 100 }; // of the others: 1
const manyAtOnce = 200;

/** Runs `count` flows in a row; how many microseconds of the processor that took. */
async function inARow(flow, count) {
  const start = cpuUsage();
  for (let index = 0; index < count; index += 1) await flow();
  const { user, system } = cpuUsage(start);
  return user + system;
}

/** Runs at least `count` flows, many of them side by side; what `count` of them took. */
async function atOnce(flow, count) {
  const rounds = Math.ceil(count / manyAtOnce);
  const together = () => Promise.all(Array.from({ length: manyAtOnce }, flow));
  return ((await inARow(together, rounds)) * count) / (rounds * manyAtOnce);
}

/** How many flows it takes to keep `run` busy for as long as was asked for. Finding out warms them up. */
async function enough(run, flow, microseconds) {
  let count = 1;
  while ((await run(flow, count)) < microseconds) count *= 2;
  return count;
}

function asked() {
  const options = { seconds: { type: "string", default: "0.02" }, repetitions: { type: "string", default: "10" } };
  const { values } = parseArgs({ options });
  const seconds = Number(values.seconds);
  const repetitions = Number(values.repetitions);
  assert(seconds > 0 && seconds <= 10, "--seconds: more than 0 and at most 10");
  assert(Number.isInteger(repetitions) && repetitions > 0, "--repetitions: at least 1");
  return { microseconds: 1e6 * seconds, repetitions };
}

const { microseconds, repetitions } = asked();

/** The times of one flow in nanoseconds, one for each repetition. */
async function measure(run, flow) {
  const count = await enough(run, flow, microseconds);
  const times = [];
  while (times.length < repetitions) times.push(((await run(flow, count)) * 1000) / count);
  return times;
}

for (const [peer, flowsOf] of Object.entries({ promises, asynquence })) {
  for (const [name, flow] of Object.entries(flowsOf(new Host()))) {
    assert.equal(await flow(), results[name] ?? 1, `${peer} ${name}`);
    const times = await measure(inARow, flow);
    const shares = name === "caller" || name === "receiver" ? await measure(atOnce, flow) : [];
    for (const [index, ns] of times.entries()) {
      console.log(JSON.stringify({ peer, case: name, ns, ns_at_once: shares[index] }));
    }
  }
}
// Timers of asynquence that nothing can cancel would keep the program for their 30 s.
exit();
