// The client that pages load from the server: parley with --serve-client answers as the official server does
// ("serveClient" of the documentation).
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { env } from "node:process";
import { after, before, test } from "node:test";
import { startOfficialServer } from "./driver.mjs";
import { start } from "./harness.mjs";

const program = env.PARLEY_SERVER ?? resolve(import.meta.dirname, "../../build/dev/apps/parley/parley");
const dist = join(dirname(createRequire(import.meta.url).resolve("socket.io-client/package.json")), "dist");
const origin = "http://school.example";
const scripts = ["socket.io.js", "socket.io.min.js", "socket.io.esm.min.js", "socket.io.msgpack.min.js"];
const names = scripts.flatMap((name) => [name, `${name}.map`]);

let official, ours, pages;
before(async () => {
  pages = mkdtempSync(join(tmpdir(), "parley-client-"));
  writeFileSync(join(pages, "index.html"), "<p>the call</p>");
  const args = ["--address", "127.0.0.1", "--port", "0", "--pages", pages];
  ours = await start(program, [...args, "--serve-client", dist, "--allow-origin", origin], /:(\d+)\/11/);
  official = await startOfficialServer({ options: { cors: { origin: [origin], credentials: true } } });
});
after(async () => {
  await ours.stop();
  await official.stop();
  rmSync(pages, { recursive: true });
});

/** What both servers answer. */
async function answers(name, headers = {}) {
  const ask = async (url) => {
    const response = await fetch(`${url}/socket.io/${name}`, { headers: { Origin: origin, ...headers } });
    const shown = ["content-type", "cache-control", "content-encoding", "access-control-allow-origin"];
    const fields = Object.fromEntries(shown.map((field) => [field, response.headers.get(field)]));
    return { status: response.status, fields, text: await response.text(), etag: response.headers.get("etag") };
  };
  const both = await Promise.all([official.url, `http://127.0.0.1:${ours.found}`].map(ask));
  return both.map(({ etag, ...rest }) => [rest, etag]);
}

for (const name of names) {
  test(`${name} is what it is at the official server`, async () => {
    for (const coding of ["identity", "gzip"]) {
      const [[theirs], [mine, etag]] = await answers(name, { "Accept-Encoding": coding });
      assert.equal(mine.status, 200);
      assert.deepEqual(mine, theirs);
      assert.match(etag, /^".+"$/);
    }
  });
}

test("who has it already is told so", async () => {
  const [[, theirEtag], [, etag]] = await answers("socket.io.js");
  const [[theirs]] = await answers("socket.io.js", { "If-None-Match": theirEtag });
  const [, [mine]] = await answers("socket.io.js", { "If-None-Match": etag });
  assert.deepEqual([mine.status, mine.text], [304, ""]);
  assert.deepEqual(mine, theirs);
});

test("any other name is a request that Engine.IO refuses", async () => {
  for (const name of ["package.json", "socket.io.js.gz", "x/socket.io.js"]) {
    const [[theirs], [mine]] = await answers(name);
    assert.deepEqual([mine.status, mine.text], [400, theirs.text]);
  }
});
