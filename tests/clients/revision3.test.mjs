// Clients of Engine.IO 3, those inside socket.io-client 2 and 1, against our server: they open, ping, are
// answered, and change to a WebSocket. (Engine.IO 3, "Ping" and "Upgrading".)
import assert from "node:assert/strict";
import { once } from "node:events";
import { createRequire } from "node:module";
import { after, before, describe, test } from "node:test";
import { inTime, startEchoServer, ways } from "./harness.mjs";

const require = createRequire(import.meta.url);
const engineOf = (client) => createRequire(require.resolve(client))("engine.io-client");
const engines = {
  "engine.io-client of socket.io-client 2": engineOf("socket.io-client-2"),
  "engine.io-client of socket.io-client 1": engineOf("socket.io-client-1"),
};

let server;
before(async () => (server = await startEchoServer({ pings: [300, 200] })));
after(() => server.stop());

for (const [name, connect] of Object.entries(engines)) {
  for (const [way, transports] of Object.entries(ways)) {
    describe(`${name}, ${way}`, () => {
      const open = async (t) => {
        const client = connect(server.url, { path: "/socket.io", transports });
        t.after(() => client.close());
        await inTime(once(client, "open"), "the session to open");
        return client;
      };

      test("opens and gets where it wants to be", async (t) => {
        const client = await open(t);
        assert.match(client.id, /^[\w-]{20}$/);
        if (transports.length > 1) await inTime(once(client, "upgrade"), "the upgrade");
        assert.equal(client.transport.name, transports.at(-1));
      });

      test("stays as long as its pings are answered", async (t) => {
        const client = await open(t);
        for (let pongs = 0; pongs < 4; ++pongs) await inTime(once(client, "pong"), "a pong");
        assert.equal(client.readyState, "open");
      });

      test("is given up when it pings no more", async (t) => {
        const client = await open(t);
        client.ping = () => {};
        if (client.pingIntervalTimer) clearTimeout(client.pingIntervalTimer);
        const [reason] = await inTime(once(client, "close"), "the session to close");
        assert.match(reason, /^(transport (close|error)|ping timeout)$/);
      });
    });
  }
}
