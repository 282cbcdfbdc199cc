// A page written for the lesson, served from another origin that the operator allows, calls ours: its messages are
// {sdp: {type, sdp}} and {candidate: {candidate, sdpMLineIndex, ...}} on the namespace /rtc.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";

import { startServer, withBrowsers } from "./harness.mjs";

const require = createRequire(import.meta.url);
const lesson = join(import.meta.dirname, "lesson");
const files = {
  "/11": ["text/html", join(lesson, "index.html")],
  "/page.js": ["text/javascript", join(lesson, "page.js")],
  "/socket.io.js": [
    "text/javascript",
    join(dirname(require.resolve("socket.io-client/package.json")), "dist/socket.io.min.js"),
  ],
};

let server;
let school;
let lessonAddress;

before(async () => {
  school = createServer(async (request, response) => {
    const [type, path] = files[new URL(request.url, "http://school").pathname] ?? [];
    if (path) response.setHeader("content-type", type).end(await readFile(path));
    else response.writeHead(404).end();
  });
  await new Promise((listening) => school.listen(0, "127.0.0.1", listening));
  const origin = `http://127.0.0.1:${school.address().port}`;
  server = await startServer(["--allow-origin", origin]);
  lessonAddress = `${origin}/11?server=${new URL(server.address).origin}`;
});

after(async () => {
  school?.close();
  await server?.stop();
});

for (const [kind, other] of [
  ["chromium", "firefox"],
  ["firefox", "chromium"],
]) {
  test(`the lesson's page in ${kind} calls ours in ${other}`, () =>
    withBrowsers([kind, other], async (one, two) => {
      const pupil = await one.open(lessonAddress);
      await pupil.told("waiting_for_other");
      const ours = await two.open(server.address);
      await ours.told("connected", "none");
      await Promise.all([pupil.seesAndHears(), ours.seesAndHears()]);
      assert.equal(await pupil.page.evaluate(() => document.body.dataset.role), "caller");
    }));

  test(`our page in ${kind} calls the lesson's in ${other}`, () =>
    withBrowsers([kind, other], async (one, two) => {
      const ours = await one.open(server.address);
      await ours.told("waiting_for_other");
      const pupil = await two.open(lessonAddress);
      await ours.told("connected", "none");
      await Promise.all([pupil.seesAndHears(), ours.seesAndHears()]);
      assert.equal(await pupil.page.evaluate(() => document.body.dataset.role), "receiver");
    }));
}
