import { Call, type Screen } from "./call.ts";
import { loadEngine } from "./engine.ts";
import { openLine } from "./line.ts";
import { getMedia } from "./media.ts";

export type { Call, Screen } from "./call.ts";
export type { Problem, Status } from "./engine.ts";

export interface Options {
  /** The call engine, call.wasm. */
  engine: Promise<Response> | BufferSource;
  screen: Screen;
  /** Where the line's server is; the page's own origin unless said. */
  server?: string | URL;
  iceServers?: RTCIceServer[];
}

/** Opens the line, asks for the camera and calls whoever comes, until the call is left. */
export async function startCall({ engine, screen, server, iceServers }: Options): Promise<Call> {
  return new Call(await loadEngine(engine), screen, {
    openLine: (receive) => openLine(server ?? location.origin, receive),
    openConnection: () => new RTCPeerConnection({ iceServers: iceServers ?? [] }),
    getMedia,
  });
}
