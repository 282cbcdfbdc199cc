// The Socket.IO servers of examples/socketio, each tried by the official client as its first lines promise.
import assert from "node:assert/strict";
import { resolve } from "node:path";
import { env } from "node:process";
import { test } from "node:test";
import { clientsOf, start } from "./harness.mjs";

const programs = env.PARLEY_EXAMPLES ?? resolve(import.meta.dirname, "../../build/dev/examples/socketio");

/** Runs one example; gives what opens clients of it. */
async function run(t, name) {
  const server = await start(resolve(programs, `example_socketio_${name}`), ["0"], /^(http:\S+)\n/);
  t.after(() => server.stop());
  return clientsOf(t, () => server.found);
}

test("chat: everybody hears who comes, what is said, and who leaves", async (t) => {
  const open = await run(t, "chat");
  const ann = await open().connected();
  const bob = await open().connected();
  const { id } = bob.socket;
  assert.deepEqual(await ann.heard("joined"), [id]);
  bob.socket.emit("say", "é \"hello\"");
  for (const client of [ann, bob]) assert.deepEqual(await client.heard("said"), [id, 'é "hello"']);
  bob.close();
  assert.deepEqual(await ann.heard("left"), [id]);
});

test("rooms: who has joined one hears it, and sees who is there", async (t) => {
  const open = await run(t, "rooms");
  const [ann, bob, cat] = await Promise.all([1, 2, 3].map(() => open().connected()));
  ann.socket.emit("join", "kitchen");
  assert.deepEqual(await ann.socket.emitWithAck("who", "kitchen"), [ann.socket.id]);
  bob.socket.emit("join", "kitchen");
  assert.deepEqual(await ann.heard("joined"), ["kitchen", bob.socket.id]);
  bob.socket.emit("say", "kitchen", "tea?");
  assert.deepEqual(await ann.heard("said"), ["kitchen", "tea?"]);
  assert.deepEqual(await cat.socket.emitWithAck("who", "cellar"), []);
  const { id } = bob.socket;
  bob.close();
  assert.deepEqual(await ann.heard("left"), ["kitchen", id]);
  assert.deepEqual(cat.events, []);
});

test("auth: the right word opens, any other one is told why not", async (t) => {
  const open = await run(t, "auth");
  const ali = open("", { auth: { token: "open sesame" } });
  assert.deepEqual(await ali.heard("welcome"), ["Ali Baba"]);
  for (const auth of [{ token: "open barley" }, { token: 7 }, {}]) {
    const [error] = await open("", { auth }).heard("connect_error");
    assert.equal(error.message, "not authorized");
    assert.deepEqual(error.data, { retry: true });
  }
});

test("quiz: everybody is asked, and hears the result", async (t) => {
  const open = await run(t, "quiz");
  const [ann, bob, cat] = await Promise.all([1, 2, 3].map(() => open().connected()));
  for (const [client, answer] of [[ann, "red"], [bob, "blue"], [cat, "red"]])
    client.socket.on("question", (question, reply) => reply(question === "Which?" ? answer : "?"));
  ann.socket.emit("ask", "Which?");
  for (const client of [ann, bob, cat]) assert.deepEqual(await client.heard("result"), [{ blue: 1, red: 2 }, true]);
  cat.socket.off("question");
  ann.socket.emit("ask", "Which?");
  assert.deepEqual(await bob.heard("result"), [{ blue: 1, red: 1 }, false]);
});

test("upload: bytes arrive, are counted, and reach the others", async (t) => {
  const open = await run(t, "upload");
  const ann = await open().connected();
  const bob = await open().connected();
  const content = Buffer.alloc(100_000, 3);
  const reply = await new Promise((done) => ann.socket.emit("upload", "a.bin", content, (...values) => done(values)));
  assert.deepEqual(reply, [null, 100_000, 300_000]);
  assert.deepEqual(await bob.heard("file"), ["a.bin", content]);
  assert.equal(await ann.socket.emitWithAck("upload", "no bytes"), "a name and bytes, please");
});

test("tenants: each customer has a namespace of their own", async (t) => {
  const open = await run(t, "tenants");
  const ann = open("/customer-7");
  assert.deepEqual(await ann.heard("here"), ["/customer-7", 1]);
  const bob = open("/customer-7");
  assert.deepEqual(await bob.heard("here"), ["/customer-7", 2]);
  const eve = open("/customer-8");
  assert.deepEqual(await eve.heard("here"), ["/customer-8", 1]);
  bob.socket.emit("announce", "sale");
  assert.deepEqual(await ann.heard("announced"), ["sale"]);
  assert.equal((await open("/elsewhere").heard("connect_error"))[0].message, "Invalid namespace");
  assert.deepEqual(eve.events.filter(({ event }) => event === "announced"), []);
});
