// Carrying the engine's commands to an RTCPeerConnection: one after another, and back what came of it.
import { beforeEach, expect, test, vi } from "vitest";

import { Connections } from "./connection.ts";
import type { Event } from "./engine.ts";

/** A browser's connection whose operations end when the test says so. */
class FakePeer {
  signalingState = "stable";
  connectionState = "new";
  did: string[] = [];
  ontrack: ((event: { track: unknown }) => void) | null = null;
  onicecandidate: ((event: { candidate: unknown }) => void) | null = null;
  onconnectionstatechange: (() => void) | null = null;
  #pending: { name: string; end: (fault?: Error) => void }[] = [];

  createOffer = async () => this.#operation("createOffer").then(() => ({ type: "offer", sdp: "mine" }));
  setLocalDescription = ({ type }: { type: string }) => this.#operation(`setLocal ${type}`);
  setRemoteDescription = ({ type }: { type: string }) => this.#operation(`setRemote ${type}`);
  addIceCandidate = ({ candidate }: { candidate: string }) => this.#operation(`add ${candidate}`);
  close = () => (this.signalingState = "closed");

  async end(fault?: Error): Promise<void> {
    this.#pending.shift()?.end(fault);
    await vi.advanceTimersByTimeAsync(0);
  }

  #operation(name: string): Promise<void> {
    this.did.push(name);
    return new Promise((resolve, reject) => {
      this.#pending.push({ name, end: (fault) => (fault ? reject(fault) : resolve()) });
    });
  }
}

let peer: FakePeer;
let heard: Event[];
let connections: Connections;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("MediaStream", class {});
  peer = new FakePeer();
  heard = [];
  connections = new Connections({
    open: () => peer as unknown as RTCPeerConnection,
    media: () => undefined,
    receive: (event) => heard.push(event),
    showTheirs: () => undefined,
  });
  connections.run({ kind: "open_connection", connection: 4 });
});

const settle = () => vi.advanceTimersByTimeAsync(0);

test("runs one operation after another, in the order of the commands", async () => {
  connections.run({ kind: "set_remote", connection: 4, type: "answer", sdp: "theirs" });
  connections.run({ kind: "add_candidate", connection: 4, candidate: '{"candidate":"candidate:1"}' });
  await settle();
  expect(peer.did).toEqual(["setRemote answer"]);
  await peer.end();
  expect(peer.did).toEqual(["setRemote answer", "add candidate:1"]);
  expect(heard).toEqual([{ kind: "remote_description_set", connection: 4 }]);
});

test("reports an offer once it is the local description", async () => {
  connections.run({ kind: "create_offer", connection: 4 });
  await settle();
  await peer.end();
  expect(heard).toEqual([]);
  await peer.end();
  expect(heard).toEqual([{ kind: "local_description", connection: 4, type: "offer", sdp: "mine" }]);
});

test("reports a failed operation and goes on with the next", async () => {
  connections.run({ kind: "set_remote", connection: 4, type: "answer", sdp: "nonsense" });
  connections.run({ kind: "create_offer", connection: 4 });
  await settle();
  await peer.end(new Error("no such line"));
  expect(heard).toEqual([{ kind: "operation_failed", connection: 4, message: "Error: no such line" }]);
  expect(peer.did).toEqual(["setRemote answer", "createOffer"]);
});

test("lets a candidate fail alone, and takes no notice of an empty one", async () => {
  connections.run({ kind: "add_candidate", connection: 4, candidate: "null" });
  connections.run({ kind: "add_candidate", connection: 4, candidate: '{"candidate":""}' });
  connections.run({ kind: "add_candidate", connection: 4, candidate: '{"candidate":"candidate:?"}' });
  await settle();
  await peer.end(new Error("no such candidate"));
  expect(peer.did).toEqual(["add candidate:?"]);
  expect(heard).toEqual([]);
});

test("tells of its own candidates, and not of the empty one that ends them", () => {
  peer.onicecandidate?.({ candidate: { candidate: "candidate:1", sdpMLineIndex: 0 } });
  peer.onicecandidate?.({ candidate: { candidate: "" } });
  peer.onicecandidate?.({ candidate: null });
  expect(heard).toEqual([
    { kind: "local_candidate", connection: 4, candidate: '{"candidate":"candidate:1","sdpMLineIndex":0}' },
  ]);
});

test("drops what was queued for a connection that is closed meanwhile, and hears it no more", async () => {
  connections.run({ kind: "set_remote", connection: 4, type: "offer", sdp: "theirs" });
  connections.run({ kind: "create_offer", connection: 4 });
  await settle();
  connections.run({ kind: "close_connection", connection: 4 });
  connections.run({ kind: "create_offer", connection: 4 });
  await peer.end();
  expect(peer.did).toEqual(["setRemote offer"]);
  expect(peer.onconnectionstatechange).toBeNull();
});
