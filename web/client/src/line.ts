import { io, type Socket } from "socket.io-client";

import type { Command, Event } from "./engine.ts";

type Signal = Extract<Command, { kind: "send_description" | "send_candidate" }>;

/** The line to the other person: the events of the lesson's `/rtc` namespace, carried both ways. */
export interface Line {
  send(signal: Signal): void;
  close(): void;
}

/** How soon to knock again after the server closed the line or refused it, in milliseconds. */
const knockAgainAfter = 1000;

/** Opens the line and keeps it open: Socket.IO reconnects by itself after every loss but the server's own word. */
export function openLine(server: string | URL, receive: (event: Event) => void): Line {
  const socket = io(new URL("/rtc", server).href, { reconnectionDelay: 250, reconnectionDelayMax: 2000 });
  let knock: ReturnType<typeof setTimeout> | undefined;
  const knockLater = (): void => {
    if (socket.active) return;
    clearTimeout(knock);
    knock = setTimeout(() => socket.connect(), knockAgainAfter);
  };

  socket.on("connect", () => receive({ kind: "line_up" }));
  socket.on("disconnect", (reason) => {
    receive({ kind: "line_down" });
    if (reason !== "io client disconnect") knockLater();
  });
  socket.on("connect_error", knockLater);
  socket.on("identify", (first: unknown) => receive({ kind: "identified", role: first ? "caller" : "receiver" }));
  socket.on("left", () => receive({ kind: "left" }));
  socket.on("signal", (message: unknown) => receive(understand(message)));

  return {
    send: (signal) => send(socket, signal),
    close: () => {
      clearTimeout(knock);
      socket.disconnect();
    },
  };
}

/** Reads one message of the lesson; whoever wrote the other page may send anything. */
export function understand(message: unknown): Event {
  if (!isObject(message)) return { kind: "signal_not_understood" };
  const { sdp, candidate } = message;
  if (isObject(sdp) && typeof sdp.type === "string" && typeof sdp.sdp === "string") {
    return { kind: "remote_description", type: sdp.type, sdp: sdp.sdp };
  }
  // Null is how older pages say that there are no more candidates.
  if (isObject(candidate) || candidate === null) {
    return { kind: "remote_candidate", candidate: JSON.stringify(candidate) };
  }
  return { kind: "signal_not_understood" };
}

function send(socket: Socket, signal: Signal): void {
  // Socket.IO would keep it for the next connection, where another person may be at the other end.
  if (!socket.connected) return;
  if (signal.kind === "send_description") {
    socket.emit("signal", { sdp: { type: signal.type, sdp: signal.sdp } });
  } else {
    socket.emit("signal", { candidate: JSON.parse(signal.candidate) as unknown });
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
