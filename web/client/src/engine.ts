// The call engine: libs/call of this repository, compiled to WebAssembly. It decides all that a call has to
// decide; whoever holds it carries its commands to the browser and the browser's events to it.

/** The first to arrive calls, the second receives. */
export type Role = "caller" | "receiver";
export type DescriptionType = "offer" | "answer" | "pranswer" | "rollback";
/** W3C RTCPeerConnectionState. */
export type ConnectionState = "new" | "connecting" | "connected" | "disconnected" | "failed" | "closed";
/** From the names of getUserMedia's errors. */
export type MediaFault = "not_allowed" | "not_found" | "not_readable" | "insecure" | "other";

/** What the host tells the engine. `connection` is the number from open_connection: what is reported of a connection
 *  that the engine has closed since is ignored by it. */
export type Event =
  /** The line to the server is up, or up again: it is made again by the host. */
  | { kind: "line_up" }
  | { kind: "line_down" }
  /** The server's `identify`: true makes a caller, false a receiver. */
  | { kind: "identified"; role: Role }
  | { kind: "left" }
  /** A `signal` of the form {sdp: {type, sdp}}. */
  | { kind: "remote_description"; type: string; sdp: string }
  /** A `signal` of the form {candidate: ...}: the inner object as JSON text. */
  | { kind: "remote_candidate"; candidate: string }
  /** Any other signal: ignored, and counted. */
  | { kind: "signal_not_understood" }
  | { kind: "media_ready" }
  | { kind: "media_failed"; fault: MediaFault }
  /** The person wants to try the camera again. */
  | { kind: "media_retry" }
  /** The result of create_offer or create_answer, after setLocalDescription. */
  | { kind: "local_description"; connection: number; type: string; sdp: string }
  | { kind: "remote_description_set"; connection: number }
  /** create_offer, create_answer or set_remote threw. A candidate that cannot be added is not reported. */
  | { kind: "operation_failed"; connection: number; message: string }
  /** The JSON text of an RTCIceCandidateInit. */
  | { kind: "local_candidate"; connection: number; candidate: string }
  | { kind: "connection_state"; connection: number; state: ConnectionState }
  /** The remote <video> has presented its first frame. */
  | { kind: "remote_frame"; connection: number };

/** What the engine tells the host to do, in order. */
export type Command =
  /** getUserMedia; answered by media_ready or media_failed. */
  | { kind: "get_media" }
  | { kind: "open_connection"; connection: number }
  /** addTrack for every local track. */
  | { kind: "add_media"; connection: number }
  /** Create and setLocalDescription. */
  | { kind: "create_offer"; connection: number }
  | { kind: "create_answer"; connection: number }
  | { kind: "set_remote"; connection: number; type: string; sdp: string }
  | { kind: "add_candidate"; connection: number; candidate: string }
  | { kind: "close_connection"; connection: number }
  | { kind: "send_description"; type: string; sdp: string }
  | { kind: "send_candidate"; candidate: string }
  /** What the person is told now. */
  | { kind: "status"; status: Status; problem: Problem };

export type Status = "reaching_server" | "waiting_for_other" | "asking_for_camera" | "connecting" | "connected";
export type Problem =
  | "none"
  | "server_lost"
  | "other_left"
  | "camera_not_allowed"
  | "camera_not_found"
  | "camera_busy"
  | "insecure_page"
  | "camera_other"
  | "taking_long"
  | "no_path"
  | "negotiation_failed";

export interface Engine {
  /** Tells it what has happened. Then drain poll(). */
  receive(event: Event): void;
  /** The next command, in order. There are some from the start. */
  poll(): Command | undefined;
  /** To be called when wakeAt() is reached. Then drain poll(). */
  advance(): void;
  /** When advance() has something to do, on the clock of `now`. */
  wakeAt(): number | undefined;
}

/** Makes one engine. It starts with a command to get the media. `now` gives milliseconds and never runs backwards. */
export async function loadEngine(
  wasm: Promise<Response> | BufferSource,
  now: () => number = () => performance.now(),
): Promise<Engine> {
  const { instance } =
    wasm instanceof Promise ? await WebAssembly.instantiateStreaming(wasm) : await WebAssembly.instantiate(wasm);
  return new WasmEngine(instance.exports as unknown as Module, now);
}

// The module's side is libs/call/wasm/abi.cpp. Kinds and numbers are positions in the lists of event.hpp and command.hpp.

interface Module {
  memory: WebAssembly.Memory;
  _initialize(): void;
  parley_call_create(now: number): number;
  parley_call_input(call: number, size: number): number;
  parley_call_receive(call: number, kind: number, connection: number, detail: number, now: number): void;
  parley_call_advance(call: number, now: number): void;
  parley_call_poll(call: number): number;
  parley_call_wake_at(call: number): number;
}

const eventKinds: readonly Event["kind"][] = [
  "line_up",
  "line_down",
  "identified",
  "left",
  "remote_description",
  "remote_candidate",
  "signal_not_understood",
  "media_ready",
  "media_failed",
  "media_retry",
  "local_description",
  "remote_description_set",
  "operation_failed",
  "local_candidate",
  "connection_state",
  "remote_frame",
];
const commandKinds: readonly Command["kind"][] = [
  "get_media",
  "open_connection",
  "add_media",
  "create_offer",
  "create_answer",
  "set_remote",
  "add_candidate",
  "close_connection",
  "send_description",
  "send_candidate",
  "status",
];
const roles: readonly Role[] = ["caller", "receiver"];
const types: readonly string[] = ["offer", "answer", "pranswer", "rollback"] satisfies DescriptionType[];
const states: readonly ConnectionState[] = ["new", "connecting", "connected", "disconnected", "failed", "closed"];
const faults: readonly MediaFault[] = ["not_allowed", "not_found", "not_readable", "insecure", "other"];
const statuses: readonly Status[] = [
  "reaching_server",
  "waiting_for_other",
  "asking_for_camera",
  "connecting",
  "connected",
];
const problems: readonly Problem[] = [
  "none",
  "server_lost",
  "other_left",
  "camera_not_allowed",
  "camera_not_found",
  "camera_busy",
  "insecure_page",
  "camera_other",
  "taking_long",
  "no_path",
  "negotiation_failed",
];

class WasmEngine implements Engine {
  readonly #module: Module;
  readonly #now: () => number;
  readonly #call: number;

  constructor(module: Module, now: () => number) {
    this.#module = module;
    this.#now = now;
    module._initialize();
    this.#call = module.parley_call_create(now());
  }

  receive(event: Event): void {
    switch (event.kind) {
      case "identified":
        return this.#send(event.kind, { detail: roles.indexOf(event.role) });
      case "remote_description":
        if (!types.includes(event.type)) return this.#send("signal_not_understood");
        return this.#send(event.kind, { detail: types.indexOf(event.type), text: event.sdp });
      case "remote_candidate":
        return this.#send(event.kind, { text: event.candidate });
      case "media_failed":
        return this.#send(event.kind, { detail: faults.indexOf(event.fault) });
      case "local_description":
        return this.#send(event.kind, { ...event, detail: types.indexOf(event.type), text: event.sdp });
      case "operation_failed":
        return this.#send(event.kind, { ...event, text: event.message });
      case "local_candidate":
        return this.#send(event.kind, { ...event, text: event.candidate });
      case "connection_state":
        return this.#send(event.kind, { ...event, detail: states.indexOf(event.state) });
      case "remote_description_set":
      case "remote_frame":
        return this.#send(event.kind, event);
      default:
        return this.#send(event.kind);
    }
  }

  advance(): void {
    this.#module.parley_call_advance(this.#call, this.#now());
  }

  wakeAt(): number | undefined {
    const at = this.#module.parley_call_wake_at(this.#call);
    return Number.isNaN(at) ? undefined : at;
  }

  poll(): Command | undefined {
    const at = this.#module.parley_call_poll(this.#call);
    if (at === 0) return undefined;
    const words = new Uint32Array(this.#module.memory.buffer, at, 6);
    const [kind = 0, connection = 0, detail = 0, problem = 0, text = 0, size = 0] = words;
    return makeCommand(commandKinds[kind]!, {
      connection,
      detail,
      problem,
      text: new TextDecoder().decode(new Uint8Array(this.#module.memory.buffer, text, size)),
    });
  }

  #send(kind: Event["kind"], { connection = 0, detail = 0, text = "" } = {}): void {
    if (text) {
      const bytes = new TextEncoder().encode(text);
      const at = this.#module.parley_call_input(this.#call, bytes.length);
      new Uint8Array(this.#module.memory.buffer, at, bytes.length).set(bytes);
    }
    this.#module.parley_call_receive(this.#call, eventKinds.indexOf(kind), connection, detail, this.#now());
  }
}

interface Polled {
  connection: number;
  detail: number;
  problem: number;
  text: string;
}

function makeCommand(kind: Command["kind"], { connection, detail, problem, text }: Polled): Command {
  switch (kind) {
    case "get_media":
      return { kind };
    case "set_remote":
      return { kind, connection, type: types[detail]!, sdp: text };
    case "add_candidate":
      return { kind, connection, candidate: text };
    case "send_description":
      return { kind, type: types[detail]!, sdp: text };
    case "send_candidate":
      return { kind, candidate: text };
    case "status":
      return { kind, status: statuses[detail]!, problem: problems[problem]! };
    default:
      return { kind, connection };
  }
}
