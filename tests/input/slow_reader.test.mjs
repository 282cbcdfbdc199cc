// Clients that stop reading while a room is told more than they can take, by WebSocket and by polling: what is volatile
// passes them by, and at the limit they lose their connection (Limits::backlog_bytes_max of libs/net, Engine.IO's
// buffered_bytes_max). Nobody else notices, and the server keeps no more than the limits say.
import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { clientsOf, inTime, startEchoServer } from "../clients/harness.mjs";
import { ask, frame, openSession, openWebSocket, polling } from "./raw.mjs";

const limit = 16 * 1024 * 1024;
const large = "x".repeat(500_000);

let server;
before(async () => (server = await startEchoServer()));
after(() => server.stop());

/** The event that this frame's text or this packet says, with its arguments. */
const eventOf = (text) => JSON.parse(/^42\/rooms,(.*)$/s.exec(text)[1]);

/** Splits what a server has sent into the texts of its frames; `rest` is what a cut has left of the last one. */
function framesOf(bytes) {
  const texts = [];
  let at = 0;
  for (;;) {
    const short = bytes[at + 1];
    const head = short < 126 ? 2 : short === 126 ? 4 : 10;
    if (bytes.length < at + head) break;
    const size = short < 126 ? short : short === 126 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2));
    if (bytes.length < at + head + size) break;
    if (bytes[at] === 0x81) texts.push(bytes.toString("latin1", at + head, at + head + size));
    else assert.equal(bytes[at], 0x88, "neither text nor a close");
    at += head + size;
  }
  return { texts, rest: bytes.length - at };
}

/** In /rooms and in `room`, and since then it reads nothing; its id in / is what witnesses hear of. */
async function openSlowWebSocket(room) {
  const raw = await openWebSocket(server.port);
  await raw.send(frame("40")).until(/40\{"sid":"([^"]*)"\}/).then(([, sid]) => (raw.sid = sid));
  await raw.send(frame("40/rooms,")).until(/40\/rooms,\{"sid":[^}]*\}/);
  await raw.send(frame(`42/rooms,1["join","${room}"]`)).until(/43\/rooms,1\[true\]/);
  raw.socket.pause();
  return raw;
}

/** The same by polling: it polls no more. */
async function openSlowSession(room) {
  const target = `${polling}&sid=${await openSession(server.port)}`;
  const packets = ["40", "40/rooms,", `42/rooms,1["join","${room}"]`].join("\x1e");
  assert.equal((await ask(server.port, "POST", target, [], packets)).body, "ok");
  const { body } = await ask(server.port, "GET", target);
  assert.match(body, /43\/rooms,1\[true\]/);
  return { target, sid: /40\{"sid":"([^"]*)"\}/.exec(body)[1] };
}

/** One who tells a room what it is told, one who hears all that is said there, and one who hears who leaves. */
async function speakTo(t, room) {
  const open = clientsOf(t, () => server.url);
  const transports = ["websocket"];
  const [teller, hearer] = [open("/rooms", { transports }), open("/rooms", { transports })];
  const witness = await open("", { transports }).connected();
  await Promise.all([teller.connected(), hearer.connected()]);
  assert.equal(await hearer.socket.timeout(5_000).emitWithAck("join", room), true);
  return {
    witness,
    /** Says `value` once the one before has been heard, so that only who does not read at all falls behind. */
    async say(value, how = "in room") {
      teller.socket.emit(how, room, value);
      assert.deepEqual(await hearer.heard("said"), [value]);
    },
  };
}

/** The peak of its memory, unless a sanitizer has made that mean nothing. */
function peakOf(pid) {
  const status = readFileSync(`/proc/${pid}/status`, "latin1");
  const bytes = (name) => 1024 * Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(status)[1]);
  return bytes("VmSize") > 2 ** 40 ? undefined : bytes("VmHWM");
}

test("a WebSocket that is not read misses what is volatile, and gets all else when it is read again", async (t) => {
  const raw = await openSlowWebSocket("patient");
  const { say } = await speakTo(t, "patient");
  // More than the system takes off the server's hands, and less than the limit beyond that.
  const wanted = Array.from({ length: 30 }, (_, n) => `${n}${large}`);
  for (const value of wanted) await say(value);
  for (let n = 0; n < 5; ++n) await say(`volatile ${n}`, "volatile");
  await say("last");
  raw.socket.resume();
  while (!raw.bytes.subarray(-7).equals(Buffer.from('"last"]'))) await inTime(once(raw.socket, "data"), "the last event");
  const { texts, rest } = framesOf(raw.bytes);
  assert.equal(rest, 0);
  assert.deepEqual(texts.map(eventOf), [...wanted, "last"].map((value) => ["said", value]));
  raw.close();
});

test("WebSockets that are not read lose their connection at the limit, and the server its burden", async (t) => {
  const before = peakOf(server.pid);
  const slow = await Promise.all([1, 2, 3].map(() => openSlowWebSocket("crowd")));
  const { say, witness } = await speakTo(t, "crowd");
  const gone = Promise.all(slow.map(() => witness.heard("gone")));
  const wanted = Array.from({ length: 150 }, (_, n) => `${n}${large}`);
  for (const value of wanted) await say(value);
  const reasons = await gone;
  assert.deepEqual(new Set(reasons.map(([, id]) => id)), new Set(slow.map(({ sid }) => sid)));
  for (const [reason] of reasons) assert.equal(reason, "transport close");
  await server.logged(/A WebSocket that does not read what it is sent was dropped\./);
  const after = peakOf(server.pid);
  if (after) assert.ok(after - before < (slow.length + 1) * limit * 1.5, `${after - before} bytes`);

  // What has reached them before is whole frames, of which the last may be cut.
  for (const raw of slow) {
    raw.socket.resume();
    const { texts } = framesOf(await raw.all());
    assert.ok(texts.length > 0 && texts.length < wanted.length);
    assert.deepEqual(texts.map(eventOf), wanted.slice(0, texts.length).map((value) => ["said", value]));
  }
});

test("a session that is not polled misses what is volatile, and gets all else when it polls again", async (t) => {
  const session = await openSlowSession("patient polls");
  const { say } = await speakTo(t, "patient polls");
  await say("first");
  for (let n = 0; n < 5; ++n) await say(`volatile ${n}`, "volatile");
  await say("last");
  const { body } = await ask(server.port, "GET", session.target);
  assert.deepEqual(body.split("\x1e").map(eventOf), [["said", "first"], ["said", "last"]]);
});

test("a session that is not polled ends at the limit, and is unknown from then on", async (t) => {
  const before = peakOf(server.pid);
  const slow = await Promise.all([1, 2].map(() => openSlowSession("silent")));
  const { say, witness } = await speakTo(t, "silent");
  const gone = Promise.all(slow.map(() => witness.heard("gone")));
  for (let n = 0; n < 150; ++n) await say(`${n}${large}`);
  const reasons = await gone;
  assert.deepEqual(new Set(reasons.map(([, id]) => id)), new Set(slow.map(({ sid }) => sid)));
  for (const [reason] of reasons) assert.equal(reason, "transport error");
  const after = peakOf(server.pid);
  if (after) assert.ok(after - before < (slow.length + 1) * limit * 1.5, `${after - before} bytes`);
  for (const { target } of slow) {
    const { status, body } = await ask(server.port, "GET", target);
    assert.deepEqual([status, JSON.parse(body).code], [400, 1]);
  }
});
