// Talks to a server in literal bytes, as no official client would.
import { once } from "node:events";
import { connect } from "node:net";
import { inTime } from "../clients/harness.mjs";

/** A TCP connection to `port` that remembers all it was sent. */
export class Raw {
  constructor(port) {
    this.socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
    this.bytes = Buffer.alloc(0);
    this.socket.on("data", (chunk) => (this.bytes = Buffer.concat([this.bytes, chunk])));
    this.socket.on("error", () => {});
    this.ended = new Promise((done) => {
      this.socket.once("end", done);
      this.socket.once("close", done);
    });
  }

  send(bytes) {
    this.socket.write(bytes);
    return this;
  }

  /** All that the server says until it ends the connection. */
  async all() {
    await inTime(this.ended, `the end of the connection; so far: ${this.bytes.toString("latin1").slice(0, 500)}`);
    this.close();
    return this.bytes;
  }

  /** What the server says up to the first match, which is taken off. */
  async until(pattern) {
    for (;;) {
      const match = pattern.exec(this.bytes.toString("latin1"));
      if (match) {
        this.bytes = this.bytes.subarray(match.index + match[0].length);
        return match;
      }
      await inTime(Promise.race([once(this.socket, "data"), this.ended]), `${pattern} in ${this.bytes.toString("latin1")}`);
      if (this.socket.readableEnded && !pattern.test(this.bytes.toString("latin1"))) {
        throw new Error(`the connection ended without ${pattern}: ${this.bytes.toString("latin1")}`);
      }
    }
  }

  close() {
    this.socket.destroy();
  }
}

export const get = (target, ...fields) => request("GET", target, fields);

export function request(method, target, fields = [], body = "") {
  const length = body ? [`Content-Length: ${Buffer.byteLength(body)}`] : [];
  return [`${method} ${target} HTTP/1.1`, "Host: localhost", ...fields, ...length, "", body].join("\r\n");
}

/** Splits one whole response. */
export function parse(bytes) {
  const text = bytes.toString("latin1");
  const [head, ...body] = text.split("\r\n\r\n");
  return { status: Number(head.split(" ")[1]), head, body: body.join("\r\n\r\n") };
}

/** The response to one request on a connection of its own. */
export async function ask(port, method, target, fields = [], body = "") {
  return parse(await new Raw(port).send(request(method, target, ["Connection: close", ...fields], body)).all());
}

export const polling = "/socket.io/?EIO=4&transport=polling";

/** Opens a session by polling, and returns its sid. */
export async function openSession(port) {
  return JSON.parse((await ask(port, "GET", polling)).body.slice(1)).sid;
}

export const upgrade = (target, ...fields) =>
  get(
    target,
    "Connection: Upgrade",
    "Upgrade: websocket",
    ...(fields.length ? fields : ["Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="]),
  );

/** A connection that has become a WebSocket. */
export async function openWebSocket(port, target = "/socket.io/?EIO=4&transport=websocket") {
  const raw = new Raw(port).send(upgrade(target));
  await raw.until(/^HTTP\/1\.1 101 [^]*?\r\n\r\n/);
  return raw;
}

/** One frame as a client sends it; the parts can be made wrong one by one. */
export function frame(payload, { opcode = 1, final = true, reserved = 0, masked = true, length } = {}) {
  const data = Buffer.from(payload);
  const size = length ?? data.length;
  const head = [(final ? 0x80 : 0) | (reserved << 4) | opcode];
  const mask = masked ? 0x80 : 0;
  if (size < 126) head.push(mask | size);
  else if (size < 65536) head.push(mask | 126, size >> 8, size & 255);
  else head.push(mask | 127, ...bigEndian(size));
  const key = [1, 2, 3, 4];
  if (!masked) return Buffer.concat([Buffer.from(head), data]);
  return Buffer.concat([Buffer.from([...head, ...key]), data.map((byte, at) => byte ^ key[at % 4])]);
}

function bigEndian(size) {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(size));
  return bytes;
}
