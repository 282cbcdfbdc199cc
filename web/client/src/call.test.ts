// The glue between engine, line, camera and screen: commands are carried in order, time reaches the engine.
import { beforeEach, expect, test, vi } from "vitest";

import { Call } from "./call.ts";
import type { Command, Engine, Event } from "./engine.ts";
import { faultOf, MediaRefused } from "./media.ts";

class FakeEngine implements Engine {
  heard: Event[] = [];
  commands: Command[] = [];
  wake: number | undefined;
  advance = vi.fn(() => (this.wake = undefined));

  receive(event: Event): void {
    this.heard.push(event);
  }
  poll(): Command | undefined {
    return this.commands.shift();
  }
  wakeAt(): number | undefined {
    return this.wake;
  }
}

let engine: FakeEngine;
let track: { stop: ReturnType<typeof vi.fn> };
let hear: (event: Event) => void;

const screen = { tell: vi.fn(), showMine: vi.fn(), showTheirs: vi.fn(), hideTheirs: vi.fn() };
const line = { send: vi.fn(), close: vi.fn() };
const getMedia = vi.fn<() => Promise<MediaStream>>();

function startCall(): Call {
  return new Call(engine, screen, {
    openLine: (receive) => {
      hear = receive;
      return line;
    },
    openConnection: () => {
      throw new Error("no connection in these tests");
    },
    getMedia,
  });
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.clearAllMocks();
  engine = new FakeEngine();
  track = { stop: vi.fn() };
  getMedia.mockResolvedValue({ getTracks: () => [track] } as unknown as MediaStream);
});

test("asks for the camera when the engine wants it, and shows the picture before it says so", async () => {
  engine.commands = [{ kind: "get_media" }];
  screen.showMine.mockImplementationOnce(() => expect(engine.heard).toEqual([]));
  startCall();
  await vi.advanceTimersByTimeAsync(0);
  expect(screen.showMine).toHaveBeenCalledOnce();
  expect(engine.heard).toEqual([{ kind: "media_ready" }]);
});

test("tells the engine why there is no camera", async () => {
  getMedia.mockRejectedValue(new MediaRefused("not_readable"));
  engine.commands = [{ kind: "get_media" }];
  startCall();
  await vi.advanceTimersByTimeAsync(0);
  expect(engine.heard).toEqual([{ kind: "media_failed", fault: "not_readable" }]);
});

test("carries out what an event leads to before the next event comes", () => {
  startCall();
  engine.commands = [
    { kind: "send_candidate", candidate: "{}" },
    { kind: "status", status: "connecting", problem: "none" },
  ];
  hear({ kind: "line_up" });
  expect(line.send).toHaveBeenCalledWith({ kind: "send_candidate", candidate: "{}" });
  expect(screen.tell).toHaveBeenCalledWith("connecting", "none");
});

test("wakes the engine when it asked for it, and tells what it has to say then", () => {
  engine.wake = performance.now() + 15_000;
  startCall();
  vi.advanceTimersByTime(14_000);
  expect(engine.advance).not.toHaveBeenCalled();
  engine.commands = [{ kind: "status", status: "connecting", problem: "taking_long" }];
  vi.advanceTimersByTime(1_001);
  expect(engine.advance).toHaveBeenCalledOnce();
  expect(screen.tell).toHaveBeenCalledWith("connecting", "taking_long");
});

test("hears nothing more once it is left, and lets go of a camera that comes too late", async () => {
  engine.commands = [{ kind: "get_media" }];
  const call = startCall();
  call.leave();
  await vi.advanceTimersByTimeAsync(0);
  hear({ kind: "left" });
  expect(line.close).toHaveBeenCalledOnce();
  expect(track.stop).toHaveBeenCalledOnce();
  expect(engine.heard).toEqual([]);
});

test.each([
  ["NotAllowedError", "not_allowed"],
  ["NotFoundError", "not_found"],
  ["NotReadableError", "not_readable"],
  ["TypeError", "other"],
])("knows %s as %s", (name, fault) => expect(faultOf(new DOMException("", name))).toBe(fault));
