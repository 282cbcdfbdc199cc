import { type Call, startCall } from "@parley/client";
import engineUrl from "call.wasm?url";

import { View } from "./view.ts";
import type { Action } from "./words.ts";

let call: Call | undefined;

const view = new View({ leave, act });

function act(action: Action): void {
  if (action === "try_again") call?.retryMedia();
  else location.reload();
}

function leave(): void {
  call?.leave();
  view.hideMine();
  view.tellPage("left");
}

function canCall(): boolean {
  return typeof WebAssembly === "object" && typeof RTCPeerConnection === "function";
}

async function start(): Promise<void> {
  if (!canCall()) return view.tellPage("unsupported");
  try {
    call = await startCall({ engine: fetch(engineUrl), screen: view });
  } catch {
    view.tellPage("broken");
  }
}

// Whoever closes the tab or goes elsewhere has left: the other person is told at once, not by a time-out.
addEventListener("pagehide", () => call?.leave());
// A page that comes back from the history is one that has left.
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

void start();
