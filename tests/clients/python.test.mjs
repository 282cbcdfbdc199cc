// A client that is not JavaScript, python-socketio, each way that it can reach our server; what it does and expects is
// in python_client.py.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { inTime, startEchoServer, ways } from "./harness.mjs";

const python = "/usr/bin/python3"; // Debian's, whose packages it needs
const program = join(import.meta.dirname, "python_client.py");

let server;
// It may go without a word and then waits for the poll that it has left open: until the next ping.
before(async () => (server = await startEchoServer({ pings: [1_000, 20_000] })));
after(() => server.stop());

for (const [way, transports] of Object.entries(ways)) {
  test(`python-socketio: ${way}`, async (t) => {
    const child = spawn(python, [program, server.url, transports.join(",")], { stdio: ["ignore", "pipe", "pipe"] });
    t.after(() => child.kill("SIGKILL"));
    let said = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (said += chunk));
    const [code] = await inTime(once(child, "close"), "the client to end");
    assert.equal(code, 0, said);
  });
}
