// The official client against our Socket.IO server, each way that it can reach us: what its documentation
// promises to an application ("Emitting events", "Namespaces", "The Socket instance"). On two threads of the
// server it is the same, though sessions and those who are in one room are on both.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { clientsOf, inTime, startEchoServer, ways, whyGone } from "./harness.mjs";

const bytes = (...values) => Buffer.from(values);

async function upgraded(client) {
  const { engine } = client.socket.io;
  if (engine.transport.name === "websocket") return;
  await inTime(new Promise((done) => engine.once("upgrade", done)), "the upgrade");
}

for (const threads of [1, 2]) describe(`server threads: ${threads}`, () => {
  let server;
  before(async () => (server = await startEchoServer({ threads })));
  after(() => server.stop());

  for (const [way, transports] of Object.entries(ways)) {
    describe(way, () => {
      const open = (t, path = "", options = {}) => clientsOf(t, () => server.url)(path, { transports, ...options });

      test("connects, and the server sees what the client shows", async (t) => {
        const client = await open(t, "", { auth: { token: "é 😀" } }).connected();
        assert.match(client.socket.id, /^[\w-]{20}$/);
        assert.deepEqual(await client.heard("auth"), [{ token: "é 😀" }]);
      });

      test("events come back as they were sent", async (t) => {
        const client = await open(t).connected();
        for (const args of [[], [1, "two", { three: [null, true, -4.5e6] }], ["\u0000 \u001e é 😀 \u2028"], [[]], [""]]) {
          client.socket.emit("echo", ...args);
          assert.deepEqual(await client.heard("echo"), args);
        }
      });

      test("many events keep their order", async (t) => {
        const client = open(t);
        for (let n = 0; n < 500; ++n) client.socket.emit("echo", n);
        for (let n = 0; n < 500; ++n) assert.deepEqual(await client.heard("echo"), [n]);
      });

      test("a large event comes back whole", async (t) => {
        const client = await open(t).connected();
        const large = "x".repeat(900_000);
        client.socket.emit("echo", large);
        assert.deepEqual(await client.heard("echo"), [large]);
      });

      test("the server acknowledges an event", async (t) => {
        const client = await open(t).connected();
        const answer = await client.socket.timeout(5_000).emitWithAck("echo", { a: 1 });
        assert.deepEqual(answer, { a: 1 });
      });

      test("the client acknowledges an event of the server", async (t) => {
        const client = await open(t).connected();
        client.socket.on("question", (a, b, answer) => answer(b, a));
        client.socket.emit("ask me", "a", bytes(1, 2));
        assert.deepEqual(await client.heard("answered"), [bytes(1, 2), "a"]);
      });

      test("binary comes back wherever it stood", async (t) => {
        const client = await open(t).connected();
        for (const args of [
          [bytes(1, 2, 3)],
          [bytes()],
          [{ deep: [{ er: bytes(0, 255) }] }, bytes(), "and", bytes(7)],
          [Buffer.alloc(300_000, 7)],
        ]) {
          client.socket.emit("echo", ...args);
          assert.deepEqual(await client.heard("echo"), args);
        }
      });

      test("binary comes back in an acknowledgement", async (t) => {
        const client = await open(t).connected();
        const answer = await client.socket.timeout(5_000).emitWithAck("echo", { picture: bytes(9, 8) });
        assert.deepEqual(answer, { picture: bytes(9, 8) });
      });

      test("two namespaces share one connection", async (t) => {
        const client = await open(t).connected();
        const custom = client.socket.io.socket("/custom", { auth: { who: "me" } });
        const [auth] = await inTime(new Promise((done) => custom.once("auth", (...args) => done(args))), "auth");
        assert.deepEqual(auth, { who: "me" });
        const answers = [custom.emitWithAck("echo", "custom"), client.socket.emitWithAck("echo", "root")];
        assert.deepEqual(await Promise.all(answers), ["custom", "root"]);
        custom.disconnect();
        assert.equal(await client.socket.timeout(5_000).emitWithAck("echo", "still here"), "still here");
      });

      test("an unknown namespace is refused", async (t) => {
        const client = open(t, "/nowhere");
        const [error] = await client.heard("connect_error");
        assert.equal(error.message, "Invalid namespace");
      });

      test("a namespace refuses with its reasons", async (t) => {
        const client = open(t, "/refuse");
        const [error] = await client.heard("connect_error");
        assert.equal(error.message, "not today");
        assert.deepEqual(error.data, { retry: false });
        assert.equal(client.socket.active, false);
      });

      test("the server disconnects a client from a namespace", async (t) => {
        const [client, witness] = [await open(t).connected(), await open(t).connected()];
        const { id } = client.socket;
        client.socket.emit("disconnect me");
        assert.equal((await client.heard("disconnect"))[0], "io server disconnect");
        assert.equal(await whyGone(() => witness.heard("gone"), id), "server namespace disconnect");
      });

      test("the server ends a client's connection", async (t) => {
        const [client, witness] = [await open(t, "", { reconnection: false }).connected(), await open(t).connected()];
        const { id } = client.socket;
        client.socket.emit("disconnect me wholly");
        assert.match((await client.heard("disconnect"))[0], /^(io server disconnect|transport close|forced close)$/);
        assert.match(await whyGone(() => witness.heard("gone"), id), /^(forced server close|server namespace disconnect)$/);
      });

      test("a client says goodbye", async (t) => {
        const [client, witness] = [await open(t).connected(), await open(t).connected()];
        const { id } = client.socket;
        client.socket.disconnect();
        assert.equal((await client.heard("disconnect"))[0], "io client disconnect");
        assert.equal(await whyGone(() => witness.heard("gone"), id), "client namespace disconnect");
      });

      test("a client vanishes", async (t) => {
        const [client, witness] = [await open(t, "", { reconnection: false }).connected(), await open(t).connected()];
        if (transports.length > 1) await upgraded(client);
        const { id } = client.socket;
        client.socket.io.engine.close();
        assert.equal(await whyGone(() => witness.heard("gone"), id), "transport close");
      });
    });
  }

  test("a client that may upgrade does, and loses nothing meanwhile", async (t) => {
    const client = clientsOf(t, () => server.url)();
    let sent = 0;
    const timer = setInterval(() => client.socket.emit("echo", sent++, bytes(sent & 255)), 1);
    await client.connected();
    await upgraded(client);
    clearInterval(timer);
    assert.equal(client.socket.io.engine.transport.name, "websocket");
    for (let n = 0; n < sent; ++n) assert.deepEqual(await client.heard("echo"), [n, bytes((n + 1) & 255)]);
  });

  test("a hundred clients at once", async (t) => {
    const open = clientsOf(t, () => server.url);
    const kinds = Object.values(ways);
    const clients = Array.from({ length: 100 }, (_, n) => open("/custom", { transports: kinds[n % 3] }));
    await Promise.all(clients.map((client) => client.connected()));
    const answers = await Promise.all(clients.map((client, n) => client.socket.timeout(15_000).emitWithAck("echo", n)));
    assert.deepEqual(answers, clients.map((_, n) => n));
  });
});
