// Our client against the official server and against ours, each way that it can reach them: what the
// documentation of the official client promises to an application.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { startEchoServer, ways, whyGone } from "./harness.mjs";
import { Driver, startOfficialServer } from "./driver.mjs";

const servers = { "the official server": startOfficialServer, "our server": startEchoServer };

const placeholder = (num) => ({ _placeholder: true, num });

function clientsOf(test, url, transports) {
  return () => {
    const client = new Driver(url(), transports);
    test.after(() => client.stop());
    return client;
  };
}

for (const [name, start] of Object.entries(servers)) {
  for (const [way, transports] of Object.entries(ways)) {
    describe(`${name}, ${way}`, () => {
      let server;
      before(async () => (server = await start()));
      after(() => server.stop());
      const open = (t) => clientsOf(t, () => server.url, transports)();

      test("the client connects and shows what it was given", async (t) => {
        const client = open(t).say("auth", "/", { token: "é 😀" });
        client.say("connect", "/");
        const [recovered, id] = await client.heard("connect");
        assert.equal(recovered, false);
        assert.match(id, /^[\w-]{20}$/);
        assert.deepEqual(await client.event("auth"), [{ token: "é 😀" }]);
      });

      test("events come back as they were sent", async (t) => {
        const client = await open(t).connected();
        for (const args of [[], [1, "two", { three: [null, true, -4.5e6] }], ["\u0000 \u001e é 😀 \u2028"], [[]]]) {
          client.say("emit", "/", ["echo", ...args]);
          assert.deepEqual(await client.event("echo"), args);
        }
      });

      test("what is sent before the connect, and much of it, keeps its order", async (t) => {
        const client = open(t);
        for (let n = 0; n < 250; ++n) client.say("emit", "/", ["echo", n]);
        client.say("connect", "/");
        for (let n = 250; n < 500; ++n) client.say("emit", "/", ["echo", n, placeholder(0)], "AQ==");
        for (let n = 0; n < 250; ++n) assert.deepEqual(await client.event("echo"), [n]);
        for (let n = 250; n < 500; ++n) assert.deepEqual(await client.event("echo"), [n, placeholder(0), "AQ=="]);
      });

      test("a large event comes back whole", async (t) => {
        const client = await open(t).connected();
        const large = "x".repeat(900_000);
        client.say("emit", "/", ["echo", large]);
        assert.deepEqual(await client.event("echo"), [large]);
      });

      test("binary comes back, and in acknowledgements", async (t) => {
        const client = await open(t).connected();
        const args = [{ deep: [placeholder(0)] }, placeholder(1)];
        client.say("emit", "/", ["echo", ...args], "AP8=", "");
        assert.deepEqual(await client.event("echo"), [...args, "AP8=", ""]);
        client.say("ask", "/", ["echo", placeholder(0)], "CQg=");
        assert.deepEqual(await client.heard("answer", ""), [[placeholder(0)], "CQg="]);
      });

      test("client and server acknowledge each other's events", async (t) => {
        const client = await open(t).connected();
        client.say("ask", "/", ["echo", 1, "two"]);
        assert.deepEqual(await client.heard("answer", ""), [[1, "two"]]);
        client.say("emit", "/", ["ask me", "a", placeholder(0)], "AQI=");
        assert.deepEqual(await client.event("question"), ["a", placeholder(0), "AQI="]);
        assert.deepEqual(await client.event("answered"), ["a", placeholder(0), "AQI="]);
      });

      test("namespaces share a connection and are left one by one", async (t) => {
        const client = await open(t).connected();
        client.say("auth", "/custom", { who: "me" });
        await client.connected("/custom");
        assert.deepEqual(await client.event("auth", "/custom"), [{ who: "me" }]);
        client.say("disconnect", "/custom");
        assert.deepEqual(await client.heard("disconnect", "/custom"), ["io client disconnect"]);
        client.say("emit", "/", ["echo", "still here"]);
        assert.deepEqual(await client.event("echo"), ["still here"]);
      });

      test("a namespace refuses with its reasons", async (t) => {
        const client = open(t).say("connect", "/nowhere").say("connect", "/refuse");
        assert.deepEqual(await client.heard("connect_error", "/nowhere"), ["Invalid namespace", null, false]);
        assert.deepEqual(await client.heard("connect_error", "/refuse"), ["not today", { retry: false }, false]);
      });

      test("the server disconnects the client, which does not insist", async (t) => {
        const client = await open(t).connected();
        client.say("emit", "/", ["disconnect me"]);
        assert.deepEqual(await client.heard("disconnect"), ["io server disconnect"]);
        await client.connected();
      });

      test("the client says goodbye", async (t) => {
        const [client, witness] = [open(t).say("connect", "/"), await open(t).connected()];
        const [, id] = await client.heard("connect");
        client.say("close");
        assert.deepEqual(await client.heard("disconnect"), ["io client disconnect"]);
        await client.heard("closed", "");
        assert.equal(await whyGone(() => witness.event("gone"), id), "client namespace disconnect");
      });

      test("the client comes back when the server does", async (t) => {
        const first = await start();
        const client = await clientsOf(t, () => first.url, transports)().connected();
        await first.stop();
        assert.match((await client.heard("disconnect"))[0], /^transport (close|error)$/);
        client.say("emit", "/", ["echo", "kept"]);
        await client.heard("attempt", "");
        const second = await start({ port: first.port });
        t.after(() => second.stop());
        await client.heard("reconnect", "");
        await client.heard("connect");
        assert.deepEqual(await client.event("echo"), ["kept"]);
      });
    });
  }
}

test("a client that may upgrade does, and loses nothing meanwhile", async (t) => {
  const server = await startOfficialServer();
  t.after(() => server.stop());
  const upgraded = new Promise((done) =>
    server.io.on("connection", (socket) => socket.conn.once("upgrade", (to) => done(to.name))),
  );
  const client = clientsOf(t, () => server.url, ["polling", "websocket"])().say("connect", "/");
  let sent = 0;
  const timer = setInterval(() => client.say("emit", "/", ["echo", sent++, placeholder(0)], "AQ=="), 1);
  assert.equal(await upgraded, "websocket");
  clearInterval(timer);
  for (let n = 0; n < sent; ++n) assert.deepEqual(await client.event("echo"), [n, placeholder(0), "AQ=="]);
});

for (const transports of [["websocket"], ["polling"]]) {
  test(`a lost connection is recovered with what was missed, ${transports}`, async (t) => {
    const server = await startOfficialServer({ options: { connectionStateRecovery: {} } });
    t.after(() => server.stop());
    const joined = new Promise((done) => server.io.once("connection", done));
    const client = clientsOf(t, () => server.url, transports)().say("connect", "/");
    const socket = await joined;
    socket.join("room");
    const [, id] = await client.heard("connect");
    await client.event("auth");
    socket.conn.close();
    await client.heard("disconnect");
    server.io.to("room").emit("missed", 1, Buffer.from([7]));
    const [recovered, again] = await client.heard("connect");
    assert.deepEqual([recovered, again], [true, id]);
    assert.deepEqual((await client.event("missed")).slice(0, 2), [1, placeholder(0)]);
    client.say("ask", "/", ["echo", "after"]);
    assert.deepEqual((await client.heard("answer", ""))[0], ["after"]);
  });
}

test("a server that falls silent is given up in time", async (t) => {
  const server = await startOfficialServer({ options: { pingInterval: 200, pingTimeout: 100 } });
  t.after(() => server.stop());
  const joined = new Promise((done) => server.io.once("connection", done));
  const client = clientsOf(t, () => server.url, ["websocket"])();
  await client.connected();
  const socket = await joined;
  socket.conn.sendPacket = () => {};
  socket.conn.resetPingTimeout = () => {};
  assert.deepEqual(await client.heard("disconnect"), ["ping timeout"]);
  await client.heard("connect");
});
