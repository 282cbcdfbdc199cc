// Bad WebSockets against the real server: handshakes, upgrades that stop half-way, frames, and what is no Engine.IO
// or Socket.IO inside them (RFC 6455; Engine.IO 4, "WebSocket transport" and "Upgrade"). Canaries go on talking.
import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import { ask, frame, openSession, openWebSocket, parse, polling, Raw, upgrade } from "./raw.mjs";
import { startServerWithCanary } from "./canary.mjs";

let server;
before(async () => (server = await startServerWithCanary()));
afterEach(() => server.check());
after(() => server.stop());

const direct = "/socket.io/?EIO=4&transport=websocket";
const closed = (code) => Buffer.from(code ? [0x88, 2, code >> 8, code & 255] : [0x88, 0]);

async function openConnection() {
  const raw = await openWebSocket(server.port);
  // The payload is longer than 125 bytes on no server of ours, but its length may take two more bytes.
  await raw.until(/^\x81[^]{1,3}0\{"sid":[^}]*\}/);
  return raw;
}

describe("handshakes that are none are refused", () => {
  const version = "Sec-WebSocket-Version: 13";
  const key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";
  const handshakes = {
    "no version": [direct, key],
    "an old version": [direct, key, "Sec-WebSocket-Version: 7"],
    "no key": [direct, version],
    "a key that is too short": [direct, version, "Sec-WebSocket-Key: c2hvcnQ="],
    "an unknown session": [`${direct}&sid=nobody`, version, key],
    "an unknown transport": ["/socket.io/?EIO=4&transport=pigeon", version, key],
    "an old protocol": ["/socket.io/?EIO=3&transport=websocket", version, key],
  };
  for (const [what, [target, ...fields]] of Object.entries(handshakes)) {
    test(what, async () => {
      const { status, head } = parse(await new Raw(server.port).send(upgrade(target, ...fields)).all());
      assert.equal(status, 400);
      assert.match(head, /^connection: close$/im);
    });
  }

  test("on a page", async () => {
    const { status } = parse(await new Raw(server.port).send(upgrade("/chat")).all());
    assert.equal(status, 404);
  });
});

describe("an upgrade that stops half-way leaves the session on polling", () => {
  const session = async () => {
    const sid = await openSession(server.port);
    return { page: `${polling}&sid=${sid}`, socket: `${direct}&sid=${sid}` };
  };
  const isAlive = async ({ page }) => {
    assert.equal((await ask(server.port, "POST", page, [], "40/rtc,{}")).body, "ok");
    assert.match((await ask(server.port, "GET", page)).body, /^40\/rtc,\{"sid":/);
  };

  test("after the handshake", async () => {
    const target = await session();
    (await openWebSocket(server.port, target.socket)).close();
    await isAlive(target);
  });

  test("after the probe", async () => {
    const target = await session();
    const raw = (await openWebSocket(server.port, target.socket)).send(frame("2probe"));
    await raw.until(/^\x81\x063probe/);
    raw.socket.resetAndDestroy();
    await isAlive(target);
  });

  test("with another packet than a probe", async () => {
    for (const wrong of ["40", "2wrong", "x", ""]) {
      const target = await session();
      const raw = (await openWebSocket(server.port, target.socket)).send(frame(wrong));
      await raw.until(/^\x88\x00/);
      raw.close();
      await isAlive(target);
    }
  });

  test("with a second one beside it", async () => {
    const target = await session();
    const first = (await openWebSocket(server.port, target.socket)).send(frame("2probe"));
    await first.until(/^\x81\x063probe/);
    const second = await openWebSocket(server.port, target.socket);
    await second.until(/^\x88\x00/);
    second.close();
    first.send(frame("5")).send(frame("40/rtc,{}"));
    await first.until(/40\/rtc,\{"sid":/);
    assert.equal(JSON.parse((await ask(server.port, "GET", target.page)).body).code, 3);
    first.close();
  });
});

describe("frames that are none end their connection", () => {
  const repeated = (count, make) => Buffer.concat(Array.from({ length: count }, make));
  const frames = {
    "not masked": [1002, frame("40", { masked: false })],
    "a reserved bit": [1002, frame("40", { reserved: 4 })],
    "an unknown opcode": [1002, frame("40", { opcode: 3 })],
    "an unknown control opcode": [1002, frame("", { opcode: 11 })],
    "a continuation of nothing": [1002, frame("40", { opcode: 0 })],
    "a message inside another": [1002, Buffer.concat([frame("4", { final: false }), frame("0")])],
    "a fragmented ping": [1002, frame("", { opcode: 9, final: false })],
    "a ping that is too long": [1002, frame("x".repeat(126), { opcode: 9 })],
    "a close of one byte": [1002, frame("x", { opcode: 8 })],
    "a close with a forbidden code": [1002, frame([0x03, 0xed], { opcode: 8 })],
    "text that is no UTF-8": [1007, frame([0x34, 0xc0, 0xaf])],
    "text that ends within a character": [1007, frame([0x34, 0xe2, 0x82])],
    "a message that is too large": [1009, frame("4".repeat(1_000_001))],
    "a length that nobody sends": [1009, frame("", { length: 2 ** 40 })],
    "fragments that grow too large": [
      1009,
      Buffer.concat([frame("4".repeat(600_000), { final: false }), frame("4".repeat(600_000), { opcode: 0 })]),
    ],
  };
  for (const [what, [code, bytes]] of Object.entries(frames)) {
    test(`${what}: ${code}`, async () => {
      const raw = await openConnection();
      assert.deepEqual(await raw.send(bytes).all(), closed(code));
    });
  }

  test("a length with its highest bit set", async () => {
    const raw = await openConnection();
    const ending = await raw.send(Buffer.from([0x81, ...Array(9).fill(0xff), 1, 2, 3, 4])).all();
    assert.ok(ending.equals(closed(1002)) || ending.equals(closed(1009)), ending.toString("hex"));
  });

  test("empty fragments without end stay within one message", async () => {
    const raw = await openConnection();
    raw.send(frame("4", { final: false })).send(repeated(20_000, () => frame("", { opcode: 0, final: false })));
    raw.send(frame("0/rtc,{}", { opcode: 0 }));
    await raw.until(/40\/rtc,\{"sid":/);
    raw.close();
  });
});

describe("messages that are no Socket.IO end their connection", () => {
  const messages = [
    "4x",
    "4",
    "x",
    "",
    "42[\"signal\"]", // before it joined a namespace
    "40/rtc,{", "40/rtc,[]", "40/rtc,\"a\"",
    "451-[\"signal\",{\"_placeholder\":true,\"num\":7}]",
    "4599999999999999999999-[\"signal\"]",
    `40/${"x".repeat(100_000)},`,
    `40/rtc,${"[".repeat(100_000)}`,
    `40/rtc,{"a":${"[".repeat(50_000)}${"]".repeat(50_000)}}`,
  ];
  for (const message of messages) {
    test(JSON.stringify(message).slice(0, 60), async () => {
      const raw = await openConnection();
      const ending = await Promise.race([raw.send(frame(message)).until(/(44[^]*|\x88\x00)/), raw.all()]);
      assert.ok(ending);
      raw.close();
    });
  }

  const inNamespace = ["42/rtc,", "42/rtc,{}", "42/rtc,[]", "42/rtc,[null]", "42/rtc,[\"signal\"", "42/rtc,[\"connect\"]", "43/rtc,1{}"];
  for (const message of inNamespace) {
    test(`${message} in a namespace`, async () => {
      const raw = await openConnection();
      await raw.send(frame("40/rtc,{}")).until(/40\/rtc,\{"sid":/);
      await raw.send(frame(message)).until(/\x88\x00/);
      raw.close();
    });
  }

  test("bytes that no event announced", async () => {
    const raw = await openConnection();
    await raw.send(frame("40/rtc,{}")).until(/40\/rtc,\{"sid":/);
    await raw.send(frame([1, 2, 3], { opcode: 2 })).until(/\x88\x00/);
    raw.close();
  });
});

test("connections that are cut at any byte do no harm", async () => {
  const conversation = Buffer.concat([Buffer.from(upgrade(direct)), frame("40/rtc,{}"), frame('42/rtc,["signal",1]')]);
  for (let size = 1; size <= conversation.length; size += 3) {
    const raw = new Raw(server.port).send(conversation.subarray(0, size));
    await new Promise((done) => raw.socket.once("connect", done));
    size % 2 ? raw.socket.end() : raw.socket.resetAndDestroy();
  }
});

test("any frames at all do no harm", async () => {
  // A fixed sequence, so that a failure can be repeated.
  let state = 4;
  const random = (below) => (state = (state * 1103515245 + 12345) % 2147483648) % below;
  for (let round = 0; round < 150; ++round) {
    const raw = await openWebSocket(server.port);
    for (let count = 0; count < 5; ++count) {
      const noise = Buffer.from(Array.from({ length: random(150) }, () => random(256)));
      raw.send(frame(noise, { opcode: random(11), final: random(3) > 0, reserved: random(8) ? 0 : 1 }));
    }
    raw.close();
  }
});
