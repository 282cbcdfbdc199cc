// Real calls between real browsers with fake cameras: issue "The first call", and what went wrong in the lesson's demo.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { areConnected, call, refuseMedia, startServer, wantGestureForSound, withBrowsers } from "./harness.mjs";

let server;

before(async () => {
  server = await startServer();
});

after(() => server?.stop());

for (const [first, second] of [
  ["chromium", "chromium"],
  ["firefox", "firefox"],
  ["chromium", "firefox"],
  ["firefox", "chromium"],
]) {
  test(`${first} calls ${second}, and both see and hear each other`, () =>
    withBrowsers([first, second], async (one, two) => {
      const [caller, receiver] = await call(one, two, server.address);
      await caller.screenshot(`${first}-${second}-caller`);
      await receiver.screenshot(`${first}-${second}-receiver`);
    }));
}

test("who stays when the other leaves is told, and is called again without a reload", () =>
  withBrowsers(["chromium", "firefox"], async (one, two) => {
    const [caller, receiver] = await call(one, two, server.address);
    await caller.page.close();
    await receiver.told("waiting_for_other", "other_left");
    await receiver.screenshot("other-left");
    const third = await one.open(server.address);
    await areConnected(receiver, third);
  }));

test("who presses leave hangs up for the other one too", () =>
  withBrowsers(["chromium", "chromium"], async (one, two) => {
    const [caller, receiver] = await call(one, two, server.address);
    await receiver.page.click("#leave");
    await receiver.told("left");
    await caller.told("waiting_for_other", "other_left");
  }));

for (const kind of ["chromium", "firefox"]) {
  test(`${kind} whose camera is blocked says so, and the call comes up after "Try again"`, () =>
    withBrowsers([kind, "chromium"], async (one, two) => {
      const blocked = await one.open(server.address, refuseMedia, "NotAllowedError");
      await blocked.told("asking_for_camera", "camera_not_allowed");
      assert.match(await blocked.words(), /camera is blocked[^]*try again/i);
      await blocked.screenshot(`${kind}-camera-blocked`);

      const other = await two.open(server.address);
      await other.told("connecting");
      await blocked.page.evaluate(() => (window.refuseMedia = undefined));
      await blocked.page.click("#action");
      await areConnected(blocked, other);
    }));
}

test("a browser that wants a tap before sound shows the picture, and offers the tap", () =>
  withBrowsers(["chromium", "chromium"], async (one, two) => {
    const caller = await one.open(server.address);
    await caller.told("waiting_for_other");
    const shy = await two.open(server.address, wantGestureForSound);
    await areConnected(caller, shy);
    await shy.page.waitForSelector("#hear", { visible: true });
    await shy.page.click("#hear");
    await shy.page.waitForSelector("#hear", { hidden: true });
    assert.equal(await shy.page.$eval("#theirs", (video) => video.muted || video.paused), false);
  }));
