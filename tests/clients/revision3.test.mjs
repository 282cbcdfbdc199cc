// Clients of Engine.IO 3 against our server: socket.io-client 2 and 1, and the engines inside them. They open,
// ping, are answered, and change to a WebSocket; and what they emit comes back. (Engine.IO 3, "Ping" and "Upgrading";
// Socket.IO protocol 4.)
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
const clients = {
  "socket.io-client 2": require("socket.io-client-2"),
  "socket.io-client 1": require("socket.io-client-1"),
};

let server, impatient;
before(async () => {
  server = await startEchoServer();
  impatient = await startEchoServer({ pings: [300, 200] });
});
after(async () => {
  await server.stop();
  await impatient.stop();
});

for (const [name, connect] of Object.entries(engines)) {
  for (const [way, transports] of Object.entries(ways)) {
    describe(`${name}, ${way}`, () => {
      const open = async (t) => {
        const client = connect(impatient.url, { path: "/socket.io", transports });
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
        client.on("error", () => {}); // once() would take it for its own
        const closed = new Promise((done) => client.on("close", done));
        assert.match(await inTime(closed, "the session to close"), /^(transport (close|error)|ping timeout)$/);
      });
    });
  }
}

for (const [name, connect] of Object.entries(clients)) {
  for (const [way, transports] of Object.entries(ways)) {
    describe(`${name}, ${way}`, () => {
      const open = async (t, path = "") => {
        const socket = connect(server.url + path, { forceNew: true, transports, reconnection: false });
        t.after(() => socket.close());
        await inTime(once(socket, "connect"), "the socket to connect");
        return socket;
      };
      const echo = async (socket, ...args) => {
        const back = inTime(once(socket, "echo"), "the echo");
        socket.emit("echo", ...args);
        return back;
      };

      test("events come back as they were sent", async (t) => {
        const socket = await open(t);
        for (const args of [[1, "two", { three: [null, true] }], ["\u0000 é 😀 \u2028"], ["x".repeat(100_000)]]) {
          assert.deepEqual(await echo(socket, ...args), args);
        }
      });

      test("binary comes back wherever it stood", async (t) => {
        const socket = await open(t);
        const args = [{ a: Buffer.from([1, 2, 3]) }, "text", Buffer.from([255, 0])];
        assert.deepEqual(await echo(socket, ...args), args);
      });

      test("the server acknowledges an event", async (t) => {
        const socket = await open(t);
        const answer = new Promise((done) => socket.emit("echo", "a", 1, (...args) => done(args)));
        assert.deepEqual(await inTime(answer, "the acknowledgement"), ["a", 1]);
      });

      test("many events keep their order, also while the transport changes", async (t) => {
        const socket = await open(t);
        const numbers = Array.from({ length: 300 }, (_, n) => n);
        const heard = [];
        const all = new Promise((done) =>
          socket.on("echo", (n) => {
            if (heard.push(n) === numbers.length) done();
          }),
        );
        for (const n of numbers) socket.emit("echo", n);
        await inTime(all, "all echoes");
        assert.deepEqual(heard, numbers);
      });

      test("a further namespace is joined", async (t) => {
        const socket = await open(t, "/custom");
        assert.deepEqual(await echo(socket, "here"), ["here"]);
      });
    });
  }
}
