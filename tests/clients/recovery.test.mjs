// The official client comes back to our server after its connection was lost ("Connection state recovery" of the
// documentation), also where it does not to the original: before its first event, and before the server has noticed.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { clientsOf, startEchoServer, ways } from "./harness.mjs";

let server;
before(async () => (server = await startEchoServer({ recovery: true })));
after(() => server.stop());

for (const [way, transports] of Object.entries(ways)) {
  describe(way, () => {
    const open = (t, options = {}) =>
      clientsOf(t, () => server.url)("/recovery", { transports, reconnection: false, ...options });
    const isRecovered = (client) => client.socket.timeout(5_000).emitWithAck("recovered");

    /** A client that comes back when it is told to, and one that tells it something. */
    async function pair(t) {
      return { client: await open(t).connected(), teller: await open(t).connected() };
    }
    async function tell(teller, what) {
      teller.socket.emit("tell", what);
      await teller.heard("told");
    }
    async function heard(client) {
      return (await client.heard("told"))[0];
    }
    async function lose(client) {
      client.socket.io.engine.close();
      await client.heard("disconnect");
    }
    async function comeBack(client) {
      client.socket.connect();
      await client.connected();
    }

    test("it is who it was, in the rooms where it was, and hears what it missed", async (t) => {
      const { client, teller } = await pair(t);
      const id = client.socket.id;
      await tell(teller, "one");
      assert.equal(await heard(client), "one");
      assert.equal(client.socket.recovered, false);
      await lose(client);
      await tell(teller, "two");
      await tell(teller, Buffer.from("three"));
      await comeBack(client);
      assert.equal(client.socket.recovered, true);
      assert.equal(client.socket.id, id);
      assert.equal(await isRecovered(client), true);
      assert.equal(await heard(client), "two");
      assert.deepEqual(await heard(client), Buffer.from("three"));
      await tell(teller, "four");
      assert.equal(await heard(client), "four");
    });

    test("it has not heard any event before", async (t) => {
      const { client, teller } = await pair(t);
      await lose(client);
      await tell(teller, "first");
      await comeBack(client);
      assert.equal(client.socket.recovered, true);
      assert.equal(await heard(client), "first");
    });

    test("it comes back again and again", async (t) => {
      const { client, teller } = await pair(t);
      for (const what of ["one", "two", "three"]) {
        await lose(client);
        await tell(teller, what);
        await comeBack(client);
        assert.equal(client.socket.recovered, true);
        assert.equal(await heard(client), what);
      }
    });

    test("the server does not know yet that its old connection is dead", async (t) => {
      const { client, teller } = await pair(t);
      await tell(teller, "one");
      await client.heard("told");
      // For the server they are one client, whose first connection says nothing any more.
      const second = open(t, { autoConnect: false });
      second.socket._pid = client.socket._pid;
      second.socket._lastOffset = client.socket._lastOffset;
      const id = client.socket.id;
      await comeBack(second);
      assert.equal(second.socket.recovered, true);
      assert.equal(second.socket.id, id);
      assert.equal((await client.heard("disconnect"))[0], "transport close");
      await tell(teller, "two");
      assert.equal(await heard(second), "two");
    });

    test("who said goodbye begins anew", async (t) => {
      const { client, teller } = await pair(t);
      const id = client.socket.id;
      await tell(teller, "one");
      await client.heard("told");
      client.socket.disconnect();
      await client.heard("disconnect");
      await tell(teller, "two");
      await comeBack(client);
      assert.equal(client.socket.recovered, false);
      assert.notEqual(client.socket.id, id);
      assert.equal(await isRecovered(client), false);
      await tell(teller, "three");
      assert.equal(await heard(client), "three");
    });
  });
}
