// What people read: every state has words, and every problem says what to do.
import { expect, test } from "vitest";

import { browserOf, wordsOfCall } from "./words.ts";

const anywhere = { browser: "chromium", local: false } as const;

test("a call without problems tells where it stands", () => {
  const titles = (
    ["reaching_server", "asking_for_camera", "waiting_for_other", "connecting", "connected"] as const
  ).map((status) => wordsOfCall(status, "none", anywhere).title);
  expect(titles).toEqual([
    "Reaching the server",
    "Asking for your camera",
    "Waiting for the other person",
    "Connecting",
    "Connected",
  ]);
});

test.each(["camera_not_allowed", "camera_not_found", "camera_busy", "camera_other"] as const)(
  "after %s the person can try again",
  (problem) => expect(wordsOfCall("asking_for_camera", problem, anywhere).action).toBe("try_again"),
);

test("a blocked camera is explained in the terms of the browser", () => {
  const hints = (["chromium", "firefox", "safari"] as const).map(
    (browser) => wordsOfCall("asking_for_camera", "camera_not_allowed", { browser, local: false }).detail,
  );
  expect(new Set(hints).size).toBe(3);
});

test("a call that is up goes on without the server, and says so", () => {
  expect(wordsOfCall("connected", "server_lost", anywhere)).toEqual({
    title: "Connected",
    detail: "The server is out of reach. Your call goes on without it.",
  });
});

test("who opened the page by localhost is not told to send that link to anyone", () => {
  const { detail } = wordsOfCall("waiting_for_other", "none", { browser: "chromium", local: true });
  expect(detail).toBe("Open this link in a second window on this computer.");
});

test.each([
  ["Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "firefox"],
  ["Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36", "chromium"],
  ["Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Safari/604.1", "safari"],
])("knows the browser of %s", (userAgent, browser) => expect(browserOf(userAgent)).toBe(browser));
