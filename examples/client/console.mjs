// Runs the console client against a chat on the official server, where Bob is as well, and compares what it
// prints with the comment at its beginning.
//
// usage: node console.mjs PROGRAM SOURCE
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { argv } from "node:process";
import { createInterface } from "node:readline";
import { Server } from "socket.io";

const [program, source] = argv.slice(2);
const comment = /it prints:\n((?:\/\/ {3}.*\n)+)/.exec(readFileSync(source, "utf8"))[1];
const expected = comment.replaceAll(/^\/\/ {3}/gm, "");

const http = createServer();
const io = new Server(http);
io.on("connection", (socket) => {
  const { name } = socket.handshake.auth;
  socket.emit("said", "server", `${name} is here`);
  socket.on("say", (text, heardBy) => {
    io.emit("said", name, text);
    heardBy(2);
  });
});
http.listen(0, "127.0.0.1");
await once(http, "listening");

const console = spawn(program, [`http://127.0.0.1:${http.address().port}`, "Ada"], { stdio: ["pipe", "pipe", "inherit"] });
const ended = once(console, "exit");
let printed = "";
for await (const line of createInterface(console.stdout)) {
  printed += `${line}\n`;
  if (line.includes("Ada is here")) console.stdin.write("Hello\n");
  if (line.includes("Good morning")) console.stdin.write("Bye\n");
  if (!line.startsWith("(")) continue;
  // Bob waits until the answer is printed: what comes in one read with it may be printed before it.
  if (printed.includes("Bye")) console.stdin.end();
  else io.emit("said", "Bob", "Good morning, Ada");
}
assert.deepEqual(await ended, [0, null]);
assert.equal(printed, expected);
await io.close();
