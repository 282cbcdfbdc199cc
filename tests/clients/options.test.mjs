// The program parley with the options of its command line, seen by official clients and on the wire; what is off by
// default stays off without them ("Server options" of Engine.IO's documentation). --serve-client has its own test.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { env } from "node:process";
import { describe, test } from "node:test";
import { gunzipSync } from "node:zlib";
import { ask, get, polling, Raw, request } from "../input/raw.mjs";
import { startOfficialServer } from "./driver.mjs";
import { clientsOf, inTime, start } from "./harness.mjs";

const program = env.PARLEY_SERVER ?? resolve(import.meta.dirname, "../../build/dev/apps/parley/parley");
const connectOld = createRequire(import.meta.url)("socket.io-client-2");
const large = Array.from({ length: 300 }, (_, n) => `a=candidate:${n} 1 udp`).join("\r\n");
const quiet = ["--log-level", "warning"];

/** The program with these arguments, until the end of the test. */
async function parley(t, ...args) {
  const pages = mkdtempSync(join(tmpdir(), "parley-options-"));
  writeFileSync(join(pages, "index.html"), "<p>the call</p>");
  t.after(() => rmSync(pages, { recursive: true }));
  const place = ["--address", "127.0.0.1", "--port", "0", "--pages", pages, ...quiet];
  const server = await start(program, [...place, ...args], /:(\d+)\/11/);
  t.after(() => server.stop());
  return { port: Number(server.found), url: `http://127.0.0.1:${server.found}` };
}

/** Two clients of a call who have been introduced; the second is the one whose connection a test looks at. */
async function pair(t, url, options) {
  const open = clientsOf(t, () => url);
  const caller = await open("/rtc", { transports: ["websocket"] }).connected();
  const receiver = await open("/rtc", options).connected();
  await Promise.all([caller.heard("identify"), receiver.heard("identify")]);
  return [caller, receiver];
}

describe("--cookie", () => {
  const cookieOf = async (port) => /^Set-Cookie: (.*)$/im.exec((await ask(port, "GET", polling)).head)?.[1];

  test("NAME gives a handshake's response a cookie of that name with the session's id", async (t) => {
    const { port } = await parley(t, "--cookie", "seat");
    const { head, body } = await ask(port, "GET", polling);
    const { sid } = JSON.parse(body.slice(1));
    assert.match(head, new RegExp(`^Set-Cookie: seat=${sid}; Path=/; HttpOnly; SameSite=Lax$`, "im"));
  });

  test("is not set without it", async (t) => assert.equal(await cookieOf((await parley(t)).port), undefined));
});

describe("--allow-eio3", () => {
  const open = (t, url, transports) => {
    const socket = connectOld(`${url}/rtc`, { transports, forceNew: true, reconnection: false });
    t.after(() => socket.disconnect());
    return socket;
  };
  const first = (socket, event) => inTime(new Promise((done) => socket.once(event, done)), event);

  for (const transports of [["polling"], ["websocket"]]) {
    test(`lets socket.io-client 2 in, by ${transports}`, async (t) => {
      const { url } = await parley(t, "--allow-eio3", "true");
      const one = open(t, url, transports);
      await first(one, "connect");
      const two = open(t, url, transports);
      const identified = [first(one, "identify"), first(two, "identify")];
      await Promise.all(identified);
      const heard = first(two, "signal");
      one.emit("signal", { sdp: "v=0" });
      assert.deepEqual(await heard, { sdp: "v=0" });
    });

    test(`is off without it, and socket.io-client 2 is told so, by ${transports}`, async (t) => {
      const { url } = await parley(t);
      const socket = connectOld(url, { transports, forceNew: true, reconnection: false });
      t.after(() => socket.disconnect());
      await first(socket, "connect_error");
    });
  }
});

describe("--http-compression", () => {
  /** The body of a poll that brings `large`, and its head. */
  async function largePoll(t, ...args) {
    const { port, url } = await parley(t, ...args);
    const caller = await clientsOf(t, () => url)("/rtc", { transports: ["websocket"] }).connected();
    const { body } = await ask(port, "GET", polling);
    const target = `${polling}&sid=${JSON.parse(body.slice(1)).sid}`;
    assert.equal((await ask(port, "POST", target, [], "40/rtc,")).body, "ok");
    await caller.heard("identify");
    while (!/identify/.test((await ask(port, "GET", target)).body));
    caller.socket.emit("signal", large);
    const bytes = await new Raw(port).send(get(target, "Connection: close", "Accept-Encoding: gzip")).all();
    const end = bytes.indexOf("\r\n\r\n");
    return { head: bytes.toString("latin1", 0, end), body: bytes.subarray(end + 4) };
  }
  const packet = `42/rtc,${JSON.stringify(["signal", large])}`;

  test("packs a large answer to a poll unless it is turned off", async (t) => {
    const { head, body } = await largePoll(t);
    assert.match(head, /^Content-Encoding: gzip$/im);
    assert.ok(body.length < large.length / 2);
    assert.equal(gunzipSync(body).toString(), packet);
  });

  test("false leaves it as it is", async (t) => {
    const { head, body } = await largePoll(t, "--http-compression", "false");
    assert.doesNotMatch(head, /Content-Encoding/i);
    assert.equal(body.toString(), packet);
  });
});

describe("--per-message-deflate", () => {
  /** The first byte of the frame that brings `large`, and what was agreed upon. */
  async function largeFrame(t, options, ...args) {
    const { url } = await parley(t, ...args);
    const [caller, receiver] = await pair(t, url, { transports: ["websocket"], ...options });
    const { ws } = receiver.socket.io.engine.transport;
    const frame = new Promise((done) => ws._socket.prependOnceListener("data", (bytes) => done(bytes[0])));
    caller.socket.emit("signal", large);
    assert.deepEqual(await receiver.heard("signal"), [large]);
    return { first: await frame, extensions: ws.extensions };
  }

  test("packs a large message for who offers it", async (t) => {
    const { first, extensions } = await largeFrame(t, {}, "--per-message-deflate", "true");
    assert.deepEqual([first, extensions], [0xc1, "permessage-deflate"]);
  });

  test("packs nothing for who does not", async (t) => {
    const { first, extensions } = await largeFrame(t, { perMessageDeflate: false }, "--per-message-deflate", "true");
    assert.deepEqual([first, extensions], [0x81, ""]);
  });

  test("is off without it", async (t) => {
    const { first, extensions } = await largeFrame(t, {});
    assert.deepEqual([first, extensions], [0x81, ""]);
  });
});

// A page that cannot read an error cannot tell it from a dead network.
describe("--allow-origin", () => {
  const origin = "https://school.example";
  const from = `Origin: ${origin}`;
  const allowed = ({ head }) => /^Access-Control-Allow-Origin: (.*?)\r?$/im.exec(head)?.[1];

  test("lets its pages read refusals, as the official server does where it has any", async (t) => {
    const { port } = await parley(t, "--allow-origin", origin, "--max-http-buffer-size", "1000");
    const options = { cors: { origin: [origin], credentials: true }, maxHttpBufferSize: 1000 };
    const official = await startOfficialServer({ options });
    t.after(() => official.stop());
    const officialPort = Number(new URL(official.url).port);
    const requests = {
      "an unknown session": [400, "GET", `${polling}&sid=nobody`],
      "an unknown transport": [400, "GET", "/socket.io/?EIO=4&transport=pigeon"],
      "another method": [400, "DELETE", polling],
    };
    for (const [what, [status, method, target]] of Object.entries(requests)) {
      const theirs = await ask(officialPort, method, target, [from]);
      const mine = await ask(port, method, target, [from]);
      assert.deepEqual([mine.status, allowed(mine)], [status, origin], what);
      assert.deepEqual([theirs.status, allowed(theirs)], [status, origin], what);
    }

    for (const at of [port, officialPort]) {
      const { sid } = JSON.parse((await ask(at, "GET", polling)).body.slice(1));
      const tooLarge = await ask(at, "POST", `${polling}&sid=${sid}`, [from], "4".repeat(1_001));
      assert.deepEqual([tooLarge.status, allowed(tooLarge)], [413, origin]);
    }

    const chunks = request("POST", polling, [from, "Transfer-Encoding: chunked", "", "x", ""]);
    const malformed = (await new Raw(port).send(chunks).all()).toString("latin1");
    assert.match(malformed, /^HTTP\/1\.1 400 /);
    assert.equal(allowed({ head: malformed }), origin);

    // Before the end of a header nobody can know whose page it is: the field may be said twice, or be cut.
    const endless = (await new Raw(port).send(get(polling, from, `X: ${"x".repeat(100_000)}`)).all()).toString("latin1");
    assert.match(endless, /^HTTP\/1\.1 431 /);
    assert.equal(allowed({ head: endless }), undefined);
  });

  test("lets no other page read anything", async (t) => {
    const { port } = await parley(t, "--allow-origin", origin);
    const refused = await ask(port, "GET", `${polling}&sid=nobody`, ["Origin: https://other.example"]);
    assert.equal(allowed(refused), undefined);
  });
});
