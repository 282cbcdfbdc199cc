// Starts a server of ours, and official clients that remember every event until a test asks for it.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { env } from "node:process";
import { io } from "socket.io-client";

const patience = 20_000;
const root = resolve(import.meta.dirname, "../..");
const echoServer = env.PARLEY_ECHO_SERVER ?? resolve(root, "build/dev/tests/clients/echo_server");

/** How a client may reach the server; each behaviour is to be the same in all three. */
export const ways = {
  "WebSocket only": ["websocket"],
  "polling only": ["polling"],
  "polling with upgrade": ["polling", "websocket"],
};

/** Resolves with what `wait` resolves with, or fails with `what` before the test runner loses its patience. */
export async function inTime(wait, what) {
  let timer;
  const late = new Promise((_, fail) => {
    timer = setTimeout(() => fail(new Error(`waited in vain for ${what}`)), patience);
  });
  return Promise.race([wait, late]).finally(() => clearTimeout(timer));
}

/** Runs a program until stop(). `announced` finds in its first output what a test must know. */
export async function start(program, args, announced) {
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
  const ended = once(child, "exit").then(([code, signal]) => signal ?? code);
  let said = "";
  const found = new Promise((done, fail) => {
    child.stdout.on("data", (chunk) => {
      said += chunk;
      const match = announced.exec(said);
      if (match) done(match[1]);
    });
    child.stderr.on("data", (chunk) => (said += chunk));
    child.once("error", fail);
    ended.then((how) => fail(new Error(`${program} ended (${how}):\n${said}`)));
  });
  return {
    found: await inTime(found, `${program} to start`),
    pid: child.pid,
    running: () => child.exitCode === null && child.signalCode === null,
    /** Resolves once it has said something that matches. */
    async logged(pattern) {
      while (!pattern.test(said)) await inTime(once(child.stderr, "data"), `${pattern} in:\n${said}`);
    },
    /** A sanitizer's findings change the exit code. */
    async stop() {
      child.kill("SIGTERM");
      assert.equal(await inTime(ended, `${program} to stop`), 0, said);
    },
  };
}

/** The server of echo_server.cpp; its further arguments are documented there. */
export async function startEchoServer({ port = 0, pings = [25_000, 20_000], threads = 1, ...others } = {}) {
  const wishes = { ...others, "two-threads": threads === 2 };
  const args = [port, ...pings, ...Object.keys(wishes).filter((wish) => wishes[wish])];
  const server = await start(echoServer, args.map(String), /^(\d+)\n/);
  return { ...server, port: Number(server.found), url: `http://127.0.0.1:${server.found}` };
}

/** An official client. What it hears is kept in order, for heard() to hand out. */
export class Client {
  constructor(url, options = {}) {
    this.socket = io(url, { forceNew: true, reconnectionDelay: 50, reconnectionDelayMax: 100, ...options });
    this.events = [];
    this.waiting = [];
    for (const event of ["connect", "connect_error", "disconnect"]) {
      this.socket.on(event, (...args) => this.#keep({ event, args }));
    }
    this.socket.onAny((event, ...args) => this.#keep({ event, args }));
  }

  /** The arguments of the next event of that name; events of other names stay. */
  async heard(event) {
    const at = this.events.findIndex((kept) => kept.event === event);
    if (at >= 0) return this.events.splice(at, 1)[0].args;
    const next = new Promise((done) => this.waiting.push({ event, done }));
    return inTime(next, `the event ${event}`);
  }

  async connected() {
    await this.heard("connect");
    return this;
  }

  #keep(kept) {
    const at = this.waiting.findIndex((wait) => wait.event === kept.event);
    if (at >= 0) this.waiting.splice(at, 1)[0].done(kept.args);
    else this.events.push(kept);
  }

  close() {
    this.socket.disconnect();
  }
}

/** Why the socket of that id has left; `next` waits for the next "gone" that a witness hears. Others may be leaving too. */
export async function whyGone(next, id) {
  for (;;) {
    const [reason, who] = await next();
    if (who === id) return reason;
  }
}

/** Clients that are all closed at the end of a test. */
export function clientsOf(test, url) {
  return (path = "", options = {}) => {
    const client = new Client(url() + path, options);
    test.after(() => client.close());
    return client;
  };
}
