// The real server, and two official clients that talk to each other through it all the time, one by WebSocket
// and one by polling: whatever a test sends, they must not notice.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { env } from "node:process";
import { Client, start } from "../clients/harness.mjs";

const root = resolve(import.meta.dirname, "../..");
const program = env.PARLEY_SERVER ?? join(root, "build/dev/apps/parley/parley");
const pause = 10;

export async function startServerWithCanary() {
  const pages = mkdtempSync(join(tmpdir(), "parley-input-"));
  writeFileSync(join(pages, "index.html"), "<p>the call</p>");
  const args = ["--address", "127.0.0.1", "--port", "0", "--log-level", "warning", "--pages", pages];
  const server = await start(program, args, /http:\/\/127\.0\.0\.1:(\d+)\/11/);
  const port = Number(server.found);
  const canary = await Canary.start(`http://127.0.0.1:${port}/rtc`);
  return {
    port,
    /** Fails unless the canary is alive, and everything it said has arrived. */
    async check() {
      assert.ok(server.running(), "the server has ended");
      await canary.check();
    },
    async stop() {
      canary.stop();
      await server.stop();
      rmSync(pages, { recursive: true });
    },
  };
}

class Canary {
  static async start(url) {
    const canary = new Canary();
    canary.caller = await new Client(url, { transports: ["websocket"] }).connected();
    canary.receiver = await new Client(url, { transports: ["polling"] }).connected();
    await Promise.all([canary.caller.heard("identify"), canary.receiver.heard("identify")]);
    canary.timer = setInterval(() => canary.#speak(), pause);
    return canary;
  }

  #sent = 0;
  #heard = 0;

  #speak() {
    this.caller.socket.emit("signal", this.#sent);
    this.receiver.socket.emit("signal", this.#sent);
    this.#sent += 1;
  }

  async check() {
    for (const until = this.#sent; this.#heard < until; this.#heard += 1) {
      assert.deepEqual(await this.caller.heard("signal"), [this.#heard]);
      assert.deepEqual(await this.receiver.heard("signal"), [this.#heard]);
    }
    for (const { events } of [this.caller, this.receiver]) {
      assert.deepEqual(events.filter(({ event }) => event !== "signal"), []);
    }
  }

  stop() {
    clearInterval(this.timer);
    this.caller.close();
    this.receiver.close();
  }
}
