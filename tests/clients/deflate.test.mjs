// permessage-deflate (RFC 7692) between our server and what the official client uses in Node, the ws
// package, which offers it by itself.
import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, test } from "node:test";
import { clientsOf, inTime, startEchoServer } from "./harness.mjs";

let server;
before(async () => (server = await startEchoServer({ deflate: true })));
after(() => server.stop());

const open = (t, options = {}) => clientsOf(t, () => server.url)("", { transports: ["websocket"], ...options });
const socketOf = (client) => client.socket.io.engine.transport.ws;
const bytesIn = (client) => socketOf(client)._socket.bytesRead;
const bytesOut = (client) => socketOf(client)._socket.bytesWritten;

// As compressible as a session description.
const large = Array.from({ length: 2000 }, (_, n) => `a=candidate:${n} 1 udp ${n * 7919} 192.0.2.1`).join("\r\n");

/** Sends `value` and gets it back; tells how many bytes went and came meanwhile. */
async function echoed(client, value) {
  const before = [bytesOut(client), bytesIn(client)];
  client.socket.emit("echo", value);
  assert.deepEqual(await client.heard("echo"), [value]);
  return [bytesOut(client) - before[0], bytesIn(client) - before[1]];
}

test("it is agreed upon, and large messages travel compressed both ways", async (t) => {
  const client = await open(t).connected();
  assert.equal(socketOf(client).extensions, "permessage-deflate");
  for (let round = 0; round < 3; ++round) {
    const [out, back] = await echoed(client, large);
    assert.ok(out < large.length / 2, `${out} bytes out`);
    assert.ok(back < large.length / 2, `${back} bytes back`);
  }
});

test("small messages and binary ones come back as they were", async (t) => {
  const client = await open(t).connected();
  await echoed(client, "small");
  await echoed(client, { nothing: null });
  await echoed(client, Buffer.alloc(5000, "ab"));
  await echoed(client, Buffer.alloc(0));
});

test("it is not used with a client that does not offer it", async (t) => {
  const client = await open(t, { perMessageDeflate: false }).connected();
  const [out, back] = await echoed(client, large);
  assert.equal(socketOf(client).extensions, "");
  assert.ok(out > large.length && back > large.length);
});

test("it works after an upgrade from polling", async (t) => {
  const client = await open(t, { transports: ["polling", "websocket"] }).connected();
  if (client.socket.io.engine.transport.name !== "websocket") {
    await inTime(once(client.socket.io.engine, "upgrade"), "the upgrade");
  }
  const [, back] = await echoed(client, large);
  assert.ok(back < large.length / 2, `${back} bytes back`);
});

test("a message that grows beyond the limit costs its sender the connection, and nobody else", async (t) => {
  const bystander = await open(t).connected();
  const client = await open(t, { reconnection: false }).connected();
  const closed = once(socketOf(client), "close");
  socketOf(client).send(`42["echo","${"x".repeat(50_000_000)}"]`, { compress: true });
  assert.equal((await inTime(closed, "the close"))[0], 1009);
  await echoed(bystander, large);
});
