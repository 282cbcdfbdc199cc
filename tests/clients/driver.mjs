// Our client, driven by lines (client_driver.cpp), and the official server with what echo_server.cpp does.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { resolve } from "node:path";
import { env } from "node:process";
import { createInterface } from "node:readline";
import { Server } from "socket.io";
import { inTime } from "./harness.mjs";

const root = resolve(import.meta.dirname, "../..");
const program = env.PARLEY_CLIENT_DRIVER ?? resolve(root, "build/dev/tests/clients/client_driver");

/** One client of ours. What it says is kept in order, for heard() to hand out. */
export class Driver {
  constructor(url, transports, wishes = []) {
    this.child = spawn(program, [url, transports.join(","), ...wishes], { stdio: ["pipe", "pipe", "inherit"] });
    this.ended = once(this.child, "exit").then(([code, signal]) => signal ?? code);
    this.said = [];
    this.waiting = [];
    const end = (how) => () => {
      this.fault = new Error(`the client ${how}`);
      this.waiting.splice(0).forEach((wait) => wait.fail(this.fault));
    };
    this.ended.then(end("has ended"), end("could not be started; is client_driver built?"));
    createInterface(this.child.stdout).on("line", (line) => this.#keep(JSON.parse(line)));
  }

  say(...line) {
    this.child.stdin.write(`${JSON.stringify(line)}\n`);
    return this;
  }

  /** What follows `word` and the namespace in the next line that begins with both; other lines stay. */
  async heard(word, nsp = "/") {
    const is = (line) => line[0] === word && line[1] === nsp;
    const at = this.said.findIndex(is);
    if (at >= 0) return this.said.splice(at, 1)[0].slice(2);
    if (this.fault) throw this.fault;
    const next = new Promise((done, fail) => this.waiting.push({ is, done, fail }));
    return (await inTime(next, `${word} ${nsp}; it said ${JSON.stringify(this.said)}`)).slice(2);
  }

  /** The next event of that name: its arguments, and its attachments in base64 behind them. */
  async event(name, nsp = "/") {
    for (;;) {
      const [[heard, ...args], ...attachments] = await this.heard("event", nsp);
      if (heard === name) return [...args, ...attachments];
    }
  }

  async connected(nsp = "/") {
    this.say("connect", nsp);
    const [recovered] = await this.heard("connect", nsp);
    assert.equal(recovered, false);
    return this;
  }

  /** A sanitizer's findings change the exit code. */
  async stop() {
    this.child.stdin.end();
    assert.equal(await inTime(this.ended, "the client to end"), 0);
  }

  #keep(line) {
    const at = this.waiting.findIndex((wait) => wait.is(line));
    if (at >= 0) this.waiting.splice(at, 1)[0].done(line);
    else this.said.push(line);
  }
}

function echo(io) {
  const serve = (socket) => {
    socket.emit("auth", socket.handshake.auth);
    socket.on("echo", (...args) => {
      const answer = args.at(-1);
      if (typeof answer === "function") answer(...args.slice(0, -1));
      else socket.emit("echo", ...args);
    });
    socket.on("ask me", (...args) => socket.emit("question", ...args, (...values) => socket.emit("answered", ...values)));
    socket.on("disconnect me", () => socket.disconnect());
    socket.on("disconnect me wholly", () => socket.disconnect(true));
    socket.on("disconnect", (reason) => socket.broadcast.emit("gone", reason, socket.id));
  };
  io.on("connection", serve);
  io.of("/custom").on("connection", serve);
  io.of("/refuse").use((_, next) => next(Object.assign(new Error("not today"), { data: { retry: false } })));
}

/** The official server. stop() drops its connections, like a process that dies. */
export async function startOfficialServer({ port = 0, options = {} } = {}) {
  const http = createServer();
  const io = new Server(http, options);
  echo(io);
  const tcp = new Set();
  http.on("connection", (socket) => {
    tcp.add(socket);
    socket.once("close", () => tcp.delete(socket));
  });
  http.listen(port, "127.0.0.1");
  await once(http, "listening");
  return {
    io,
    port: http.address().port,
    url: `http://127.0.0.1:${http.address().port}`,
    async stop() {
      for (const socket of tcp) socket.destroy();
      http.close();
      await io.close();
    },
  };
}
