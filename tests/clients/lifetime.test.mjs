// How long a connection lasts, seen by the official client: heartbeats, and a server that goes and comes back
// on the same port. (Engine.IO 4, "Heartbeat"; the client's documentation, "The disconnect event".)
import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, describe, test } from "node:test";
import { clientsOf, inTime, startEchoServer, ways, whyGone } from "./harness.mjs";

const [interval, timeout] = [300, 200];

for (const [way, transports] of Object.entries(ways)) {
  describe(way, () => {
    let server;
    before(async () => (server = await startEchoServer({ pings: [interval, timeout] })));
    after(() => server.stop());
    const open = (t, options = {}) => clientsOf(t, () => server.url)("", { transports, ...options });

    test("a client that answers its pings stays", async (t) => {
      const client = await open(t).connected();
      for (let pings = 0; pings < 5; ++pings) await inTime(once(client.socket.io.engine, "ping"), "a ping");
      assert.equal(client.socket.connected, true);
      assert.equal(await client.socket.timeout(5_000).emitWithAck("echo", "here"), "here");
    });

    test("a client that goes silent is given up in time", async (t) => {
      const [silent, witness] = [await open(t, { reconnection: false }).connected(), await open(t).connected()];
      const { engine } = silent.socket.io;
      if (transports.length > 1 && engine.transport.name !== "websocket") {
        await inTime(once(engine, "upgrade"), "the upgrade");
      }
      const { id } = silent.socket;
      engine._sendPacket = () => {};
      const since = performance.now();
      assert.equal(await whyGone(() => witness.heard("gone"), id), "ping timeout");
      const took = performance.now() - since;
      assert.ok(took < interval + timeout + 500, `took ${took} ms`);
    });

    test("a client comes back when the server does", async (t) => {
      const first = await startEchoServer();
      const client = await clientsOf(t, () => first.url)("", { transports }).connected();
      await client.heard("auth");
      await first.stop();
      assert.match((await client.heard("disconnect"))[0], /^transport (close|error)$/);
      const second = await startEchoServer({ port: first.port });
      t.after(() => second.stop());
      await client.connected();
      assert.equal(await client.socket.timeout(5_000).emitWithAck("echo", "back"), "back");
    });

    test("a client gets over a server that stops while it speaks", async (t) => {
      const first = await startEchoServer();
      const client = await clientsOf(t, () => first.url)("", { transports }).connected();
      const speaking = setInterval(() => client.socket.volatile.emit("echo", "x".repeat(10_000)), 1);
      t.after(() => clearInterval(speaking));
      await client.heard("echo");
      await first.stop();
      await client.heard("disconnect");
      const second = await startEchoServer({ port: first.port });
      t.after(() => second.stop());
      await client.connected();
    });
  });
}
