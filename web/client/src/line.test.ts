// The lesson's messages on /rtc, as the engine hears and speaks them: "{sdp: {type, sdp}}" or
// "{candidate: {candidate, sdpMLineIndex, ...}}", and whatever else a stranger's page may send.
import { EventEmitter } from "node:events";

import { beforeEach, expect, test, vi } from "vitest";

import type { Event } from "./engine.ts";
import { openLine, understand } from "./line.ts";

class FakeSocket extends EventEmitter {
  connected = false;
  active = true;
  sent: unknown[] = [];
  connect = vi.fn();
  disconnect = vi.fn();

  hear(event: string, ...values: unknown[]): void {
    super.emit(event, ...values);
  }

  override emit(event: string, ...values: unknown[]): boolean {
    this.sent.push([event, ...values]);
    return true;
  }
}

const sockets = vi.hoisted(() => ({ open: vi.fn() }));
vi.mock("socket.io-client", () => ({ io: sockets.open }));

let socket: FakeSocket;
let heard: Event[];

const open = () => openLine("http://parley.test", (event) => heard.push(event));

beforeEach(() => {
  vi.useFakeTimers();
  socket = new FakeSocket();
  sockets.open.mockReset().mockReturnValue(socket);
  heard = [];
});

test("opens the namespace of the lesson", () => {
  open();
  expect(sockets.open.mock.calls[0]?.[0]).toBe("http://parley.test/rtc");
});

test("tells the engine who it is and what comes over the line", () => {
  open();
  socket.hear("connect");
  socket.hear("identify", true);
  socket.hear("identify", false);
  socket.hear("signal", { sdp: { type: "answer", sdp: "v=0" } });
  socket.hear("left");
  expect(heard).toEqual([
    { kind: "line_up" },
    { kind: "identified", role: "caller" },
    { kind: "identified", role: "receiver" },
    { kind: "remote_description", type: "answer", sdp: "v=0" },
    { kind: "left" },
  ]);
});

test("speaks the messages of the lesson", () => {
  const line = open();
  socket.connected = true;
  line.send({ kind: "send_description", type: "offer", sdp: "v=0" });
  line.send({ kind: "send_candidate", candidate: '{"candidate":"candidate:1","sdpMLineIndex":0}' });
  expect(socket.sent).toEqual([
    ["signal", { sdp: { type: "offer", sdp: "v=0" } }],
    ["signal", { candidate: { candidate: "candidate:1", sdpMLineIndex: 0 } }],
  ]);
});

test("keeps nothing for a later connection, where someone else may be at the other end", () => {
  open().send({ kind: "send_description", type: "offer", sdp: "v=0" });
  expect(socket.sent).toEqual([]);
});

test("knocks again when the server has closed the line, which Socket.IO takes for its last word", () => {
  open();
  socket.active = false;
  socket.hear("disconnect", "io server disconnect");
  vi.runAllTimers();
  expect(socket.connect).toHaveBeenCalledOnce();
  expect(heard).toEqual([{ kind: "line_down" }]);
});

test("leaves a lost connection to Socket.IO", () => {
  open();
  socket.hear("disconnect", "transport close");
  vi.runAllTimers();
  expect(socket.connect).not.toHaveBeenCalled();
});

test("does not knock after it was closed", () => {
  const line = open();
  socket.active = false;
  socket.hear("connect_error", new Error("refused"));
  line.close();
  vi.runAllTimers();
  expect(socket.connect).not.toHaveBeenCalled();
});

test("hands a candidate on as it came", () => {
  expect(understand({ candidate: { candidate: "", sdpMid: "0" } })).toEqual({
    kind: "remote_candidate",
    candidate: '{"candidate":"","sdpMid":"0"}',
  });
  expect(understand({ candidate: null })).toEqual({ kind: "remote_candidate", candidate: "null" });
});

test.each([[undefined], [null], [7], ["sdp"], [{}], [[]], [{ sdp: "v=0" }], [{ sdp: { type: "offer" } }]])(
  "does not understand %j, and says so",
  (message) => expect(understand(message)).toEqual({ kind: "signal_not_understood" }),
);
