// Counts how many of a number of calls come up: node count.mjs --pairing chromium-firefox --calls 20
// Both browsers stay open over all calls; each call has fresh pages. The first named is the caller.
import { exit } from "node:process";
import { parseArgs } from "node:util";

import { call, startServer, withBrowsers } from "./harness.mjs";

const { values } = parseArgs({
  options: {
    pairing: { type: "string", default: "chromium-chromium" },
    calls: { type: "string", default: "20" },
  },
});
const wanted = Number(values.calls);

async function comesUp(one, two, address) {
  const started = performance.now();
  try {
    const people = await call(one, two, address);
    const took = ((performance.now() - started) / 1000).toFixed(1);
    console.log(`up, proven after ${took} s`);
    await Promise.all(people.map((person) => person.page.close()));
    return true;
  } catch (fault) {
    console.log(`not up: ${fault.message}`);
    for (const { browser } of [one, two]) for (const page of (await browser.pages()).slice(1)) await page.close();
    return false;
  }
}

const server = await startServer();
const up = await withBrowsers(values.pairing.split("-"), async (one, two) => {
  let count = 0;
  for (let index = 0; index < wanted; index += 1) if (await comesUp(one, two, server.address)) count += 1;
  return count;
});
await server.stop();
console.log(`${up} of ${wanted}`);
exit(up === wanted ? 0 : 1);
