// The lesson's namespace: consecutive arrivals are paired, signals are relayed untouched and to nobody else,
// and who is left behind becomes the next caller. On two threads of the server it is the same.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { clientsOf, startEchoServer, ways } from "./harness.mjs";

const offer = { sdp: { type: "offer", sdp: "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\n" } };
const candidate = { candidate: { candidate: "candidate:1 1 udp 1 é 1 typ host", sdpMLineIndex: 0, sdpMid: null } };

for (const threads of [1, 2]) describe(`server threads: ${threads}`, () => {
  for (const [way, transports] of Object.entries(ways)) {
    describe(way, () => {
      // Each test has a server of its own: whoever waits there would be paired with the next test's first.
      const withServer = async (t) => {
        const server = await startEchoServer({ threads });
        t.after(() => server.stop());
        const open = clientsOf(t, () => server.url);
        const arrive = (options = {}) => open("/rtc", { transports, ...options }).connected();
        return Object.assign(arrive, { logged: server.logged });
      };
      const pairOf = async (arrive) => {
        const first = await arrive();
        const second = await arrive();
        assert.deepEqual(await Promise.all([first.heard("identify"), second.heard("identify")]), [[true], [false]]);
        return [first, second];
      };

      test("the first of two calls and the second receives", async (t) => {
        const [caller, receiver] = await pairOf(await withServer(t));
        assert.deepEqual([caller.events, receiver.events], [[], []]);
      });

      test("a signal reaches the other one untouched, and nobody else", async (t) => {
        const arrive = await withServer(t);
        const [[a, b], [c, d], waiting] = [await pairOf(arrive), await pairOf(arrive), await arrive()];
        for (const signal of [offer, candidate, 0, null, "text", [], { candidate: null }, 1e400, { b: Buffer.from([1]) }]) {
          a.socket.emit("signal", signal);
          assert.deepEqual(await b.heard("signal"), [JSON.stringify(signal) === "null" ? null : signal]);
          b.socket.emit("signal", signal, "more");
          assert.deepEqual((await a.heard("signal")).length, 2);
        }
        c.socket.emit("signal", "ours");
        assert.deepEqual(await d.heard("signal"), ["ours"]);
        assert.deepEqual([a, b, c, d, waiting].map((client) => client.events), [[], [], [], [], []]);
      });

      test("signals keep their order", async (t) => {
        const [a, b] = await pairOf(await withServer(t));
        for (let n = 0; n < 300; ++n) a.socket.emit("signal", n);
        for (let n = 0; n < 300; ++n) assert.deepEqual(await b.heard("signal"), [n]);
      });

      test("who is left is told, and calls the next to arrive", async (t) => {
        const arrive = await withServer(t);
        const [caller, receiver] = await pairOf(arrive);
        caller.close();
        await receiver.heard("left");
        const third = await arrive();
        assert.deepEqual(await receiver.heard("identify"), [true]);
        assert.deepEqual(await third.heard("identify"), [false]);
        receiver.socket.emit("signal", offer);
        assert.deepEqual(await third.heard("signal"), [offer]);
      });

      test("two who are left behind find each other", async (t) => {
        const arrive = await withServer(t);
        const [[a, b], [c, d]] = [await pairOf(arrive), await pairOf(arrive)];
        a.close();
        await b.heard("left");
        d.close();
        await c.heard("left");
        assert.deepEqual(await b.heard("identify"), [true]);
        assert.deepEqual(await c.heard("identify"), [false]);
      });

      test("a vanished tab is nobody's partner", async (t) => {
        const arrive = await withServer(t);
        const ghost = await arrive({ reconnection: false });
        ghost.socket.io.engine.close();
        await arrive.logged(/1 left/);
        await pairOf(arrive);
      });

      test("a signal of somebody who waits goes nowhere", async (t) => {
        const arrive = await withServer(t);
        const first = await arrive();
        first.socket.emit("signal", offer);
        first.socket.emit("unheard of", 1);
        // What is behind them on the same connection has come when it is answered.
        const behind = first.socket.io.socket("/");
        await behind.emitWithAck("echo");
        behind.disconnect();
        const second = await arrive();
        assert.deepEqual(await second.heard("identify"), [false]);
        first.socket.emit("signal", "now");
        assert.deepEqual(await second.heard("signal"), ["now"]);
      });
    });
  }
});
