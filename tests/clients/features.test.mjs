// What our Socket.IO server does for an application beyond sending events back, seen by the official client:
// rooms, broadcasts, questions, middlewares, dynamic namespaces ("Rooms", "Broadcasting events", "Middlewares").
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { clientsOf, startEchoServer, ways } from "./harness.mjs";

let server;
before(async () => (server = await startEchoServer()));
after(() => server.stop());

for (const [way, transports] of Object.entries(ways)) {
  describe(way, () => {
    const open = (t, path, options = {}) => clientsOf(t, () => server.url)(path, { transports, ...options });
    const ask = (client, ...event) => client.socket.timeout(5_000).emitWithAck(...event);

    /** Three in /rooms, of which the first two are in a room that is this test's alone. */
    async function three(t) {
      const room = `${way}, ${t.name}`;
      const clients = await Promise.all([1, 2, 3].map(() => open(t, "/rooms").connected()));
      for (const client of clients.slice(0, 2)) assert.equal(await ask(client, "join", room), true);
      return { room, clients };
    }

    /** What each has heard of "said" until it is told to stop, which comes after all that was said before. */
    async function said(clients, room) {
      clients[2].socket.emit("in room", room, "over");
      clients[2].socket.emit("in room", clients[2].socket.id, "over");
      return Promise.all(
        clients.map(async (client) => {
          const heard = [];
          for (;;) {
            const [what] = await client.heard("said");
            if (what === "over") return heard;
            heard.push(what);
          }
        }),
      );
    }

    test("what is said in a room is heard there", async (t) => {
      const { room, clients } = await three(t);
      clients[2].socket.emit("in room", room, { n: 1 });
      clients[2].socket.emit("in room", room, Buffer.from([1, 2]));
      assert.deepEqual(await said(clients, room), [[{ n: 1 }, Buffer.from([1, 2])], [{ n: 1 }, Buffer.from([1, 2])], []]);
    });

    test("who says it to the others does not hear it", async (t) => {
      const { room, clients } = await three(t);
      assert.equal(await ask(clients[0], "join", "more"), true);
      clients[0].socket.emit("to room", room, "psst");
      await clients[0].socket.timeout(5_000).emitWithAck("join", "more");
      assert.deepEqual(await said(clients, room), [[], ["psst"], []]);
    });

    test("a socket's id is a room", async (t) => {
      const { room, clients } = await three(t);
      clients[2].socket.emit("in room", clients[1].socket.id, "you");
      assert.deepEqual(await said(clients, room), [[], ["you"], []]);
    });

    test("who has left a room hears nothing of it", async (t) => {
      const { room, clients } = await three(t);
      assert.deepEqual(await ask(clients[0], "leave", room), [clients[0].socket.id]);
      clients[2].socket.emit("in room", room, "gone");
      assert.deepEqual(await clients[1].heard("said"), ["gone"]);
      clients[2].socket.emit("in room", clients[0].socket.id, "over");
      assert.deepEqual(await clients[0].heard("said"), ["over"]);
    });

    test("a room is asked, and all answer", async (t) => {
      const { room, clients } = await three(t);
      clients.forEach((client, n) => client.socket.on("question", (answer) => answer(n, "more")));
      const answer = new Promise((done) => clients[2].socket.emit("ask room", room, (...args) => done(args)));
      const [isComplete, values] = await answer;
      assert.equal(isComplete, true);
      assert.deepEqual(values.sort(), [[0, "more"], [1, "more"]]);
    });

    test("a room is asked, and one is silent", async (t) => {
      const { room, clients } = await three(t);
      clients[1].socket.on("question", (answer) => answer("here"));
      const answer = new Promise((done) => clients[2].socket.emit("ask room", room, (...args) => done(args)));
      assert.deepEqual(await answer, [false, [["here"]]]);
    });

    test("a volatile event with binary arrives whole or not at all", async (t) => {
      const { room, clients } = await three(t);
      for (let n = 0; n < 20; ++n) clients[2].socket.emit("volatile", room, { n, picture: Buffer.from([n]) });
      const heard = await said(clients, room);
      for (const each of heard.flat()) assert.deepEqual(each.picture, Buffer.from([each.n]));
      for (const client of clients) assert.equal(client.socket.connected, true);
    });

    test("a room is disconnected", async (t) => {
      const { room, clients } = await three(t);
      clients[2].socket.emit("disconnect room", room);
      for (const client of clients.slice(0, 2)) {
        assert.equal((await client.heard("disconnect"))[0], "io server disconnect");
      }
      assert.equal(await ask(clients[2], "join", room), true);
    });

    test("a middleware takes its time and lets in", async (t) => {
      const client = open(t, "/door", { auth: { word: "please" } });
      await client.connected();
      await client.heard("checking");
      assert.deepEqual(await client.heard("welcome"), [[client.socket.id, "seen at the door"]]);
    });

    test("a middleware refuses, and the client may try again", async (t) => {
      const client = open(t, "/door", { auth: { word: "now" } });
      const [error] = await client.heard("connect_error");
      assert.equal(error.message, "say please");
      assert.deepEqual(error.data, { code: 42 });
      client.socket.auth.word = "please";
      client.socket.connect();
      await client.connected();
    });

    test("an event that a filter drops is neither handled nor answered", async (t) => {
      const client = await open(t, "/door", { auth: { word: "please" } }).connected();
      let isAnswered = false;
      client.socket.emit("secret", () => (isAnswered = true));
      client.socket.emit("open");
      assert.deepEqual([await client.heard("heard"), await client.heard("heard")], [["secret"], ["open"]]);
      assert.equal(isAnswered, false);
    });

    test("namespaces are made when somebody asks", async (t) => {
      const name = `/team-${way.replaceAll(" ", "_")}`;
      const [one, two, other] = [open(t, `${name}-a`), open(t, `${name}-a`), open(t, `${name}-b`)];
      assert.deepEqual(await one.heard("team"), [`${name}-a`]);
      assert.deepEqual(await other.heard("team"), [`${name}-b`]);
      await two.connected();
      one.socket.emit("to team", "here");
      assert.deepEqual([await one.heard("said"), await two.heard("said")], [["here"], ["here"]]);
      one.socket.emit("to all teams", "all");
      for (const client of [one, two, other]) assert.deepEqual(await client.heard("said"), ["all"]);
    });
  });
}
