// Measures the flows in JavaScript: node node.mjs [--seconds 0.2]
// Writes a line of JSON for each peer and case: ns is the mean of one whole flow over n flows in a row,
// each begun when the one before has ended, for at least as many seconds as were asked for and after
// about as long to warm up. ns_at_once is one flow's share where many run side by side.
import assert from "node:assert/strict";
import { exit } from "node:process";
import { parseArgs } from "node:util";

import { asynquence } from "./asynquence.mjs";
import { Host } from "./host.mjs";
import { promises } from "./promises.mjs";

const results = { steps: 10, gate2: 2, gate8: 8, gate100: 100 }; // of the others: 1
const manyAtOnce = 200;

/** Runs `count` flows in a row; how many milliseconds that took. */
async function inARow(flow, count) {
  const start = performance.now();
  for (let index = 0; index < count; index += 1) await flow();
  return performance.now() - start;
}

/** Runs at least `count` flows, many of them side by side; how many milliseconds `count` of them took. */
async function atOnce(flow, count) {
  const rounds = Math.ceil(count / manyAtOnce);
  const together = () => Promise.all(Array.from({ length: manyAtOnce }, flow));
  return ((await inARow(together, rounds)) * count) / (rounds * manyAtOnce);
}

/** More and more flows, until they take as long as was asked for; only those of the last time count. */
async function measure(run, flow, milliseconds) {
  let count = 1;
  let took = await run(flow, count);
  while (took < milliseconds) {
    count *= 2;
    took = await run(flow, count);
  }
  return { ns: (took * 1e6) / count, n: count };
}

function askedMilliseconds() {
  const { values } = parseArgs({ options: { seconds: { type: "string", default: "0.2" } } });
  const seconds = Number(values.seconds);
  assert(seconds > 0 && seconds <= 10, "--seconds: more than 0 and at most 10");
  return 1000 * seconds;
}

const milliseconds = askedMilliseconds();
for (const [peer, flowsOf] of Object.entries({ promises, asynquence })) {
  for (const [name, flow] of Object.entries(flowsOf(new Host()))) {
    assert.equal(await flow(), results[name] ?? 1, `${peer} ${name}`);
    const line = { peer, case: name, ...(await measure(inARow, flow, milliseconds)) };
    if (name === "caller" || name === "receiver") line.ns_at_once = (await measure(atOnce, flow, milliseconds)).ns;
    console.log(JSON.stringify(line));
  }
}
// Timers of asynquence that nothing can cancel would keep the program for their 30 s.
exit();
