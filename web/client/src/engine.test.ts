// The engine as the page loads it: the real call.wasm, whose path is in PARLEY_WASM. What it decides is tested in
// libs/call; here it is shown that every event arrives there and every command comes back whole.

import { readFile } from "node:fs/promises";
import { beforeEach, describe, expect, test } from "vitest";
import { loadEngine, type Command, type Engine, type Event, type MediaFault, type Problem } from "./engine.ts";

const path = process.env["PARLEY_WASM"];
if (!path) throw new Error("PARLEY_WASM names no call.wasm");
const wasm = await readFile(path);

let engine: Engine;
let time: number;

beforeEach(async () => {
  time = 1000.75;
  engine = await loadEngine(wasm, () => time);
});

function drain(): Command[] {
  const commands: Command[] = [];
  for (let command = engine.poll(); command; command = engine.poll()) commands.push(command);
  return commands;
}

function after(...events: Event[]): Command[] {
  for (const event of events) engine.receive(event);
  return drain();
}

const offer = { type: "offer", sdp: "v=0\r\n the caller's, with an ü and a 🎥" };
const answer = { type: "answer", sdp: "v=0\r\n the receiver's" };
const candidate = '{"candidate":"candidate:1 1 udp 1 127.0.0.1 9 typ host","sdpMid":"0","sdpMLineIndex":0}';

test("needs nothing of the page to be loaded", async () => {
  expect(WebAssembly.Module.imports(await WebAssembly.compile(wasm))).toEqual([]);
});

test("asks for the camera first", () => {
  expect(drain()).toEqual([
    { kind: "get_media" },
    { kind: "status", status: "asking_for_camera", problem: "none" },
  ]);
});

test("walks through a caller's call", () => {
  drain();
  expect(after({ kind: "line_up" }, { kind: "media_ready" })).toEqual([
    { kind: "status", status: "waiting_for_other", problem: "none" },
  ]);
  expect(after({ kind: "identified", role: "caller" })).toEqual([
    { kind: "open_connection", connection: 1 },
    { kind: "add_media", connection: 1 },
    { kind: "create_offer", connection: 1 },
    { kind: "status", status: "connecting", problem: "none" },
  ]);
  expect(after({ kind: "local_description", connection: 1, ...offer })).toEqual([
    { kind: "send_description", ...offer },
  ]);
  expect(after({ kind: "local_candidate", connection: 1, candidate })).toEqual([{ kind: "send_candidate", candidate }]);
  expect(after({ kind: "remote_description", ...answer })).toEqual([{ kind: "set_remote", connection: 1, ...answer }]);
  expect(after({ kind: "remote_candidate", candidate })).toEqual([]);
  expect(after({ kind: "remote_description_set", connection: 1 })).toEqual([
    { kind: "add_candidate", connection: 1, candidate },
  ]);
  expect(after({ kind: "connection_state", connection: 1, state: "connected" })).toEqual([]);
  expect(after({ kind: "remote_frame", connection: 1 })).toEqual([
    { kind: "status", status: "connected", problem: "none" },
  ]);
  expect(after({ kind: "left" })).toEqual([
    { kind: "close_connection", connection: 1 },
    { kind: "status", status: "waiting_for_other", problem: "other_left" },
  ]);
});

test("walks through a receiver's call whose offer comes before the camera", () => {
  drain();
  expect(
    after(
      { kind: "line_up" },
      { kind: "identified", role: "receiver" },
      { kind: "remote_description", ...offer },
      { kind: "remote_candidate", candidate },
      { kind: "remote_description_set", connection: 1 },
    ),
  ).toEqual([
    { kind: "open_connection", connection: 1 },
    { kind: "set_remote", connection: 1, ...offer },
    { kind: "add_candidate", connection: 1, candidate },
  ]);
  expect(after({ kind: "media_ready" })).toEqual([
    { kind: "add_media", connection: 1 },
    { kind: "create_answer", connection: 1 },
    { kind: "status", status: "connecting", problem: "none" },
  ]);
  expect(after({ kind: "local_description", connection: 1, ...answer })).toEqual([
    { kind: "send_description", ...answer },
  ]);
});

test("says that it takes long when its time has come", () => {
  drain();
  expect(engine.wakeAt()).toBeUndefined();
  after({ kind: "line_up" }, { kind: "media_ready" }, { kind: "identified", role: "receiver" });
  expect(engine.wakeAt()).toBe(16_000);
  time = 16_000.1;
  engine.advance();
  expect(drain()).toEqual([{ kind: "status", status: "connecting", problem: "taking_long" }]);
  expect(engine.wakeAt()).toBeUndefined();
});

test("survives signals that mean nothing", () => {
  drain();
  after({ kind: "line_up" }, { kind: "media_ready" }, { kind: "identified", role: "receiver" });
  expect(
    after(
      { kind: "signal_not_understood" },
      { kind: "remote_description", type: "banana", sdp: "" },
      { kind: "remote_description", ...answer },
      { kind: "remote_candidate", candidate: "null" },
      { kind: "remote_candidate", candidate: "" },
      { kind: "operation_failed", connection: 7, message: "late" },
    ),
  ).toEqual([]);
});

test("starts again after an operation that failed", () => {
  drain();
  after({ kind: "line_up" }, { kind: "media_ready" }, { kind: "identified", role: "caller" });
  expect(after({ kind: "operation_failed", connection: 1, message: "InvalidStateError" })).toEqual([
    { kind: "close_connection", connection: 1 },
    { kind: "open_connection", connection: 2 },
    { kind: "status", status: "connecting", problem: "negotiation_failed" },
  ]);
});

test("says that there is no path", () => {
  drain();
  after({ kind: "line_up" }, { kind: "media_ready" }, { kind: "identified", role: "receiver" });
  expect(after({ kind: "connection_state", connection: 1, state: "failed" })).toEqual([
    { kind: "status", status: "connecting", problem: "no_path" },
  ]);
});

test("says that the server is lost", () => {
  drain();
  after({ kind: "line_up" }, { kind: "media_ready" });
  expect(after({ kind: "line_down" })).toEqual([
    { kind: "status", status: "reaching_server", problem: "server_lost" },
  ]);
});

describe("says what is wrong with the camera", () => {
  const faults: [MediaFault, Problem][] = [
    ["not_allowed", "camera_not_allowed"],
    ["not_found", "camera_not_found"],
    ["not_readable", "camera_busy"],
    ["insecure", "insecure_page"],
    ["other", "camera_other"],
  ];
  test.each(faults)("%s", (fault, problem) => {
    drain();
    expect(after({ kind: "media_failed", fault })).toEqual([{ kind: "status", status: "asking_for_camera", problem }]);
    expect(after({ kind: "media_retry" })).toEqual([
      { kind: "get_media" },
      { kind: "status", status: "asking_for_camera", problem: "none" },
    ]);
  });
});

test("carries a description larger than the memory it started with", () => {
  drain();
  after({ kind: "line_up" }, { kind: "media_ready" }, { kind: "identified", role: "receiver" });
  const sdp = "a=long ".repeat(100_000);
  expect(after({ kind: "remote_description", type: "offer", sdp })).toEqual([
    { kind: "set_remote", connection: 1, type: "offer", sdp },
  ]);
});
