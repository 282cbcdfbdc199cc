// `socket.io-msgpack-parser` on both ends: the official client against our server, and our client against the
// official server and against ours ("Custom parser" of the documentation).
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import parser from "socket.io-msgpack-parser";
import { Driver, startOfficialServer } from "./driver.mjs";
import { clientsOf, startEchoServer, ways, whyGone } from "./harness.mjs";

const startOurs = () => startEchoServer({ msgpack: true, recovery: true });
const bytes = (...values) => Buffer.from(values);

for (const [way, transports] of Object.entries(ways)) {
  describe(`the official client, our server, ${way}`, () => {
    let server;
    before(async () => (server = await startOurs()));
    after(() => server.stop());
    const open = (t, path = "", options = {}) =>
      clientsOf(t, () => server.url)(path, { transports, parser, reconnection: false, ...options });

    test("connects and shows what it was given", async (t) => {
      const client = await open(t, "", { auth: { token: "é 😀", n: [1, 2.5] } }).connected();
      assert.match(client.socket.id, /^[\w-]{20}$/);
      assert.deepEqual((await client.heard("auth"))[0], { token: "é 😀", n: [1, 2.5] });
    });

    test("events come back as they were sent, a Date as its text", async (t) => {
      // The last value is the offset that an event carries.
      const echo = async (client, ...args) => (client.socket.emit("echo", ...args), (await client.heard("echo")).slice(0, -1));
      const client = await open(t).connected();
      const deep = { b: [{ c: null }], d: -129, e: 70_000, f: 2 ** 40, g: 0.1, h: "x".repeat(300) };
      assert.deepEqual(await echo(client, "a", deep, true), ["a", deep, true]);
      assert.deepEqual(await echo(client, bytes(1, 2), { c: bytes() }), [bytes(1, 2), { c: bytes() }]);
      assert.deepEqual(await echo(client, new Date(0), undefined), ["1970-01-01T00:00:00.000Z", null]);
      const large = Buffer.alloc(300_000, 7);
      assert.deepEqual(await echo(client, large), [large]);
    });

    test("events are acknowledged both ways", async (t) => {
      const client = await open(t).connected();
      assert.deepEqual(await client.socket.timeout(5_000).emitWithAck("echo", { a: bytes(9) }), { a: bytes(9) });
      client.socket.on("question", (a, b, answer) => answer(b, a));
      client.socket.emit("ask me", "a", bytes(1, 2));
      assert.deepEqual((await client.heard("answered")).slice(0, -1), [bytes(1, 2), "a"]);
    });

    test("namespaces let in, refuse, and are not there", async (t) => {
      const custom = await open(t, "/custom").connected();
      assert.equal(await custom.socket.timeout(5_000).emitWithAck("echo", "custom"), "custom");
      const [refusal] = await open(t, "/refuse").heard("connect_error");
      assert.deepEqual([refusal.message, refusal.data], ["not today", { retry: false }]);
      const [error] = await open(t, "/nowhere").heard("connect_error");
      assert.equal(error.message, "Invalid namespace");
    });

    test("is sent away, and says goodbye", async (t) => {
      const [sent, leaving, witness] = await Promise.all([1, 2, 3].map(() => open(t).connected()));
      const ids = [sent.socket.id, leaving.socket.id];
      const why = (id) => whyGone(() => witness.heard("gone"), id);
      sent.socket.emit("disconnect me");
      assert.equal((await sent.heard("disconnect"))[0], "io server disconnect");
      assert.equal(await why(ids[0]), "server namespace disconnect");
      leaving.socket.disconnect();
      assert.equal(await why(ids[1]), "client namespace disconnect");
    });

    test("comes back and hears what it missed", async (t) => {
      const [client, teller] = [await open(t, "/recovery").connected(), await open(t, "/recovery").connected()];
      client.socket.io.engine.close();
      await client.heard("disconnect");
      teller.socket.emit("tell", { picture: bytes(3) });
      await teller.heard("told");
      client.socket.connect();
      await client.connected();
      assert.equal(client.socket.recovered, true);
      assert.deepEqual((await client.heard("told"))[0], { picture: bytes(3) });
    });

    test("one that speaks the usual parser gets no answer but the end", async (t) => {
      const client = open(t, "", { parser: undefined });
      await new Promise((done) => client.socket.io.once("close", done));
      assert.equal(client.socket.connected, false);
    });
  });
}

const servers = {
  "the official server": () => startOfficialServer({ options: { parser } }),
  "our server": startOurs,
};
for (const [name, start] of Object.entries(servers)) {
  for (const [way, transports] of Object.entries(ways)) {
    test(`our client, ${name}, ${way}`, async (t) => {
      const server = await start();
      t.after(() => server.stop());
      const client = new Driver(server.url, transports, ["msgpack"]);
      t.after(() => client.stop());
      client.say("auth", "/", { token: "é" });
      await client.connected();
      assert.deepEqual((await client.event("auth"))[0], { token: "é" });
      const picture = { _placeholder: true, num: 0 };
      client.say("ask", "/", ["echo", picture, [1, null]], "CQg=");
      assert.deepEqual(await client.heard("answer", ""), [[picture, [1, null]], "CQg="]);
      client.say("emit", "/", ["ask me", 7]);
      assert.equal((await client.event("answered"))[0], 7);
      client.say("connect", "/refuse");
      assert.equal((await client.heard("connect_error", "/refuse"))[0], "not today");
    });
  }
}
