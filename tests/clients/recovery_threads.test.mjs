// A server on two threads, and the official client: whose connection is cut comes back to another thread and is who it
// was ("Connection state recovery"), and a session by polling goes on whichever thread its requests come to.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { clientsOf, startEchoServer, whyGone } from "./harness.mjs";

let server;
before(async () => (server = await startEchoServer({ recovery: true, threads: 2 })));
after(() => server.stop());

const patience = 20_000;
const openerOf = (t) => {
  const open = clientsOf(t, () => server.url);
  return (path, options = {}) => open(path, { transports: ["websocket"], ...options }).connected();
};

/** Engine.IO's id says which thread has the session (SidGenerator in libs/base). */
const threadOf = (client) => client.socket.io.engine.id[16];
const ask = (client, ...event) => client.socket.timeout(5_000).emitWithAck(...event);

/** What comes next under that name, without the offset at its end. */
const heard = async (client, event, size) => (await client.heard(event)).slice(0, size);

/** Makes the thread that is not `home` the one with the fewest connections, where the next one will go. */
async function emptyTheOtherThread(open, home) {
  const [witness, ...crowd] = await Promise.all(Array.from({ length: 9 }, () => open("")));
  for (const each of crowd.filter((client) => threadOf(client) !== home)) {
    const { id } = each.socket;
    each.close();
    await whyGone(() => witness.heard("gone"), id);
  }
}

test("a client whose connection is cut is recovered on another thread", async (t) => {
  const open = openerOf(t);
  const [teller, client] = [await open("/recovery"), await open("/recovery", { reconnection: false })];
  const { id } = client.socket;
  const home = threadOf(client);
  await emptyTheOtherThread(open, home);
  const tell = async (what) => {
    teller.socket.emit("tell", what);
    assert.deepEqual(await heard(teller, "told", 1), [what]);
  };
  await tell("before");
  assert.deepEqual(await heard(client, "told", 1), ["before"]);

  // It may come back to where it was, if those who left are still counted.
  const since = performance.now();
  for (let round = 0; threadOf(client) === home; ++round) {
    assert.ok(performance.now() - since < patience, "it never came to the other thread");
    client.socket.io.engine.transport.ws._socket.destroy();
    await client.heard("disconnect");
    await tell(`missed ${round}`);
    await tell(Buffer.from([round]));
    client.socket.connect();
    await client.connected();
    assert.equal(client.socket.recovered, true);
    assert.equal(client.socket.id, id);
    assert.equal(await ask(client, "recovered"), true);
    assert.deepEqual(await heard(client, "told", 1), [`missed ${round}`]);
    assert.deepEqual(await heard(client, "told", 1), [Buffer.from([round])]);
  }
  await tell("after");
  assert.deepEqual(await heard(client, "told", 1), ["after"]);
});

test("a session by polling goes on while its requests come to changing threads", async (t) => {
  const open = openerOf(t);
  const client = await open("", { transports: ["polling"] });
  const { id } = client.socket.io.engine;
  for (let n = 0; n < 20; ++n) {
    // Each new connection changes where the next one goes.
    if (n % 3 !== 0) await open("");
    for (const what of ["a", "b"]) client.socket.emit("echo", what, n);
    assert.equal(await ask(client, "echo", n), n);
    for (const what of ["a", "b"]) assert.deepEqual(await heard(client, "echo", 2), [what, n]);
  }
  assert.equal(client.socket.io.engine.id, id);
});
