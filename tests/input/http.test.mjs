// Bad HTTP against the real server: each gets its defined answer (RFC 9110, RFC 9112; Engine.IO 4, "Error table"
// and "Polling transport"), and two canaries go on talking.
import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import { ask, get, openSession, polling, Raw, request } from "./raw.mjs";
import { startServerWithCanary } from "./canary.mjs";

let server;
before(async () => (server = await startServerWithCanary()));
afterEach(() => server.check());
after(() => server.stop());

const talk = async (bytes) => (await new Raw(server.port).send(bytes).all()).toString("latin1");

describe("what is no HTTP is refused and ends the connection", () => {
  const garbage = {
    "a TLS handshake": "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "zeros": "\0\0\0\0",
    "words": "HELLO THERE\r\n\r\n",
    "HTTP/2": "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "no version": "GET /11\r\n\r\n",
    "no Host": "GET /11 HTTP/1.1\r\n\r\n",
    "two Hosts": "GET /11 HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    "a field without a colon": "GET /11 HTTP/1.1\r\nHost a\r\n\r\n",
    "a NUL in the path": "GET /1\u00001 HTTP/1.1\r\nHost: a\r\n\r\n",
    "a negative length": "POST /11 HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\n",
    "a length that overflows": `POST /11 HTTP/1.1\r\nHost: a\r\nContent-Length: ${"9".repeat(40)}\r\n\r\n`,
    "two lengths": "POST /11 HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx",
    "a length and chunks": "POST /11 HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
    "a chunk of no number": "POST /11 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
    "garbage after a request": `${request("GET", "/nothing")}\x01\x02\x03`,
  };
  for (const [what, bytes] of Object.entries(garbage)) {
    test(what, async () => assert.match(await talk(bytes), /HTTP\/1\.1 400 Bad Request\r\n(?=[^]*Connection: close)[^]*$/));
  }
});

test("a header that never ends is refused", async () => {
  assert.match(await talk(get("/11", `X: ${"x".repeat(100_000)}`)), /^HTTP\/1\.1 431 /);
});

test("a header that drips in is not waited for", { timeout: 40_000 }, async (t) => {
  const slow = Array.from({ length: 100 }, () => new Raw(server.port).send("GET /11 HTTP/1.1\r\n"));
  const drip = setInterval(() => slow.forEach((raw) => raw.socket.writable && raw.send("X: y\r\n")), 500);
  t.after(() => clearInterval(drip));
  for (const raw of slow) assert.match((await raw.all()).toString("latin1"), /^HTTP\/1\.1 408 /);
});

describe("no file but the pages can be read", () => {
  const targets = [
    "/../../../../etc/passwd",
    "/assets/../../../../etc/passwd",
    "/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
    "/..%2f..%2f..%2fetc%2fpasswd",
    "/%252e%252e/etc/passwd",
    "/..\\..\\etc\\passwd",
    "/..%5c..%5cetc%5cpasswd",
    "//etc/passwd",
    "/etc/passwd%00.html",
    "/%c0%ae%c0%ae/etc/passwd",
    "http://localhost/../../etc/passwd",
    "http://localhost//etc/passwd",
    "file:///etc/passwd",
    "/index.html",
    "*",
  ];
  for (const target of targets) {
    test(target, async () => {
      const { status, body } = await ask(server.port, "GET", target);
      assert.ok(status === 404 || status === 400, `${status}`);
      assert.doesNotMatch(body, /root:/);
    });
  }
});

test("pages are only read", async () => {
  for (const method of ["POST", "PUT", "DELETE", "PATCH", "BREW", "TRACE"]) {
    const { status, head } = await ask(server.port, method, "/11");
    assert.equal(status, 405, method);
    assert.match(head, /^Allow: GET, HEAD$/im);
  }
});

describe("requests that are no Engine.IO get the error of the table", () => {
  const faults = [
    [{ code: 0, message: "Transport unknown" }, "GET", "/socket.io/?EIO=4&transport=pigeon"],
    [{ code: 0, message: "Transport unknown" }, "GET", "/socket.io/"],
    [{ code: 1, message: "Session ID unknown" }, "GET", `${polling}&sid=nobody`],
    [{ code: 1, message: "Session ID unknown" }, "POST", `${polling}&sid=${"x".repeat(5_000)}`],
    [{ code: 2, message: "Bad handshake method" }, "POST", polling],
    [{ code: 3, message: "Bad request" }, "GET", "/socket.io/?EIO=4&transport=websocket"],
    [{ code: 5, message: "Unsupported protocol version" }, "GET", "/socket.io/?EIO=3&transport=polling"],
    [{ code: 5, message: "Unsupported protocol version" }, "GET", "/socket.io/?EIO=abc&transport=polling"],
    [{ code: 5, message: "Unsupported protocol version" }, "GET", "/socket.io/?transport=polling"],
  ];
  for (const [error, method, target] of faults) {
    test(`${error.code} for ${method} ${target.slice(0, 60)}`, async () => {
      const { status, body } = await ask(server.port, method, target);
      assert.equal(status, 400);
      assert.deepEqual(JSON.parse(body), error);
    });
  }
});

describe("a polling session", () => {
  const session = async () => `${polling}&sid=${await openSession(server.port)}`;
  const isGone = async (target) => assert.equal(JSON.parse((await ask(server.port, "GET", target)).body).code, 1);

  for (const sized of [true, false]) {
    test(`refuses a body that is too large, ${sized ? "announced" : "in chunks"}, and lives on`, async () => {
      const target = await session();
      const large = "4".repeat(1_000_001);
      const { status, body } = sized
        ? await ask(server.port, "POST", target, [], large)
        : await ask(server.port, "POST", target, ["Transfer-Encoding: chunked", "", `f4241\r\n${large}\r\n0\r\n`]);
      assert.deepEqual([status, body], [413, ""]);
      assert.equal((await ask(server.port, "POST", target, [], "40/rtc,{}")).body, "ok");
    });
  }

  test("ends with a packet that is none", async () => {
    for (const body of ["x", "4\x1e", "\x1e", "bnot base64!", "{}", "\xff\xfe"]) {
      const target = await session();
      await ask(server.port, "POST", target, [], body);
      await isGone(target);
    }
  });

  test("ends with a body that is declared binary", async () => {
    const target = await session();
    assert.equal((await ask(server.port, "POST", target, ["Content-Type: application/octet-stream"], "4x")).status, 400);
    await isGone(target);
  });

  test("ends when two polls overlap", async () => {
    const target = await session();
    const first = new Raw(server.port).send(request("GET", target, ["Connection: close"]));
    // The server holds the first once it answers somebody who came later.
    await ask(server.port, "GET", "/nothing");
    assert.equal((await ask(server.port, "GET", target)).status, 400);
    assert.match((await first.all()).toString("latin1"), /\r\n\r\n1$/);
    await isGone(target);
  });

  test("ends when its held poll is cut", async () => {
    const target = await session();
    const poll = new Raw(server.port).send(get(target));
    await ask(server.port, "GET", "/nothing");
    poll.socket.resetAndDestroy();
    await ask(server.port, "GET", "/nothing");
    await isGone(target);
  });

  test("survives other methods and half a body", async () => {
    const target = await session();
    assert.ok((await ask(server.port, "DELETE", target)).status >= 400);
    const half = new Raw(server.port).send(`POST ${target} HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n40/r`);
    await ask(server.port, "GET", "/nothing");
    half.close();
    assert.equal((await ask(server.port, "POST", target, [], "40/rtc,{}")).body, "ok");
  });
});

test("any bytes at all do no harm", async () => {
  // A fixed sequence, so that a failure can be repeated.
  let state = 11;
  const random = (below) => (state = (state * 1103515245 + 12345) % 2147483648) % below;
  const starts = ["", "GET ", "POST / HTTP/1.1\r\n", request("GET", polling), `POST ${polling}&sid=`, "\r\n\r\n"];
  for (let round = 0; round < 300; ++round) {
    const noise = Buffer.from(Array.from({ length: random(200) }, () => random(256)));
    const raw = new Raw(server.port).send(starts[random(starts.length)]).send(noise);
    if (random(2)) raw.send("\r\n\r\n");
    await new Promise((done) => raw.socket.once("connect", done));
    random(2) ? raw.socket.end() : raw.socket.resetAndDestroy();
  }
});
