// Clients of earlier years, socket.io-client 1, 2 and 3, against our server: what their documentation promises to
// an application. The first two speak protocol 4 over Engine.IO 3, and emit in revision3.test.mjs.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createRequire } from "node:module";
import { after, before, describe, test } from "node:test";
import { inTime, startEchoServer, ways } from "./harness.mjs";

const require = createRequire(import.meta.url);
const clients = {
  "socket.io-client 1": { io: require("socket.io-client-1"), isOld: true },
  "socket.io-client 2": { io: require("socket.io-client-2"), isOld: true },
  "socket.io-client 3": { io: require("socket.io-client-3").io, isOld: false },
};

let server;
before(async () => (server = await startEchoServer()));
after(() => server.stop());

/** Its id at the server. In a further namespace the first client knows only that of its engine. */
const idOf = (socket, isOld) => (isOld ? `${socket.nsp}#${socket.io.engine.id}` : socket.id);
const heard = (socket, event) => inTime(new Promise((done) => socket.once(event, (...args) => done(args))), event);
const answer = (socket, ...event) => inTime(new Promise((done) => socket.emit(...event, done)), "an answer");

for (const [name, { io, isOld }] of Object.entries(clients)) {
  for (const [way, transports] of Object.entries(ways)) {
    describe(`${name}, ${way}`, () => {
      const open = (t, path = "", options = {}) => {
        const socket = io(server.url + path, { transports, forceNew: true, ...options });
        t.after(() => socket.disconnect());
        return socket;
      };
      const connected = async (t, path, options) => {
        const socket = open(t, path, options);
        await heard(socket, "connect");
        return socket;
      };

      test("connects and knows its id", async (t) => {
        const socket = await connected(t);
        assert.match(socket.id, /^[\w-]{20}$/);
        if (isOld) assert.equal(socket.id, socket.io.engine.id);
      });

      test("events come back as they were sent", { skip: isOld }, async (t) => {
        const socket = await connected(t);
        for (const args of [[], [1, "two", { three: [null, true] }], ["é 😀"], [Buffer.from([1, 2])]]) {
          socket.emit("echo", ...args);
          assert.deepEqual(await heard(socket, "echo"), args);
        }
      });

      test("events are acknowledged both ways", async (t) => {
        const socket = await connected(t);
        assert.deepEqual(await answer(socket, "echo", { a: 1 }), { a: 1 });
        socket.on("question", (a, done) => done(a, "yes"));
        socket.emit("ask me", 7);
        assert.deepEqual(await heard(socket, "answered"), [7, "yes"]);
      });

      test("joins a namespace and shows who it is", async (t) => {
        const socket = isOld ? open(t, "/custom?who=me") : open(t, "/custom", { auth: { who: "me" } });
        assert.deepEqual(await heard(socket, "auth"), [{ who: "me" }]);
        assert.equal(await answer(socket, "echo", "custom"), "custom");
      });

      test("is told why a namespace refuses it", async (t) => {
        if (isOld) {
          assert.deepEqual(await heard(open(t, "/refuse"), "error"), [{ retry: false }]);
        } else {
          const [error] = await heard(open(t, "/refuse"), "connect_error");
          assert.equal(error.message, "not today");
          assert.deepEqual(error.data, { retry: false });
        }
      });

      test("hears what is said in a room", async (t) => {
        const [one, two] = [await connected(t, "/rooms"), await connected(t, "/rooms")];
        const room = `${name}, ${way}`;
        assert.equal(await answer(one, "join", room), true);
        two.emit("in room", room, { picture: Buffer.from([3]) });
        assert.deepEqual(await heard(one, "said"), [{ picture: Buffer.from([3]) }]);
        two.emit("in room", idOf(one, isOld), "you");
        assert.deepEqual(await heard(one, "said"), ["you"]);
      });

      test("is disconnected", async (t) => {
        const socket = await connected(t);
        socket.emit("disconnect me");
        assert.deepEqual((await heard(socket, "disconnect"))[0], "io server disconnect");
      });

      test("upgrades and loses nothing meanwhile", { skip: isOld || transports.length < 2 }, async (t) => {
        const socket = await connected(t);
        const { engine } = socket.io;
        const upgraded = engine.transport.name === "websocket" || once(engine, "upgrade");
        const answers = Array.from({ length: 50 }, (_, n) => answer(socket, "echo", n));
        await inTime(upgraded, "the upgrade");
        assert.deepEqual(await Promise.all(answers), Array.from({ length: 50 }, (_, n) => n));
      });
    });
  }
}
