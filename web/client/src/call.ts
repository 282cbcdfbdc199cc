import { Connections } from "./connection.ts";
import type { Command, Engine, Event, Problem, Status } from "./engine.ts";
import type { Line } from "./line.ts";
import { MediaRefused } from "./media.ts";

/** What the person sees of a call. */
export interface Screen {
  tell(status: Status, problem: Problem): void;
  showMine(stream: MediaStream): void;
  /** May come again for the same stream, when a track joins it; `firstFrame` is to be called once it shows. */
  showTheirs(stream: MediaStream, firstFrame: () => void): void;
  hideTheirs(): void;
}

/** What a call is made of, besides the engine. */
export interface Parts {
  openLine(receive: (event: Event) => void): Line;
  openConnection(): RTCPeerConnection;
  getMedia(): Promise<MediaStream>;
}

/** One person's end of the line, from opening the page to leaving it. Carries the engine's commands to the
 *  browser and the browser's events to the engine; whatever there is to decide, the engine decides. */
export class Call {
  readonly #engine: Engine;
  readonly #screen: Screen;
  readonly #parts: Parts;
  readonly #connections: Connections;
  readonly #line: Line;
  #mine: MediaStream | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #over = false;

  constructor(engine: Engine, screen: Screen, parts: Parts) {
    this.#engine = engine;
    this.#screen = screen;
    this.#parts = parts;
    this.#connections = new Connections({
      open: () => parts.openConnection(),
      media: () => this.#mine,
      receive: (event) => this.#receive(event),
      showTheirs: (stream, connection) =>
        screen.showTheirs(stream, () => this.#receive({ kind: "remote_frame", connection })),
    });
    this.#line = parts.openLine((event) => this.#receive(event));
    this.#drain();
  }

  /** The person pressed "try again" after a problem with the camera. */
  retryMedia(): void {
    this.#receive({ kind: "media_retry" });
  }

  /** Hangs up for good and lets go of the camera. */
  leave(): void {
    this.#over = true;
    clearTimeout(this.#timer);
    this.#line.close();
    this.#connections.closeAll();
    this.#stopMine();
    this.#screen.hideTheirs();
  }

  #receive(event: Event): void {
    if (this.#over) return;
    this.#engine.receive(event);
    this.#drain();
  }

  #drain(): void {
    for (let command = this.#engine.poll(); command; command = this.#engine.poll()) this.#carry(command);
    this.#arm();
  }

  #arm(): void {
    clearTimeout(this.#timer);
    const at = this.#engine.wakeAt();
    if (at === undefined) return;
    this.#timer = setTimeout(
      () => {
        this.#engine.advance();
        this.#drain();
      },
      Math.max(0, Math.ceil(at - performance.now())),
    );
  }

  #carry(command: Command): void {
    switch (command.kind) {
      case "get_media":
        void this.#getMedia();
        return;
      case "send_description":
      case "send_candidate":
        return this.#line.send(command);
      case "status":
        return this.#screen.tell(command.status, command.problem);
      case "close_connection":
        this.#connections.run(command);
        return this.#screen.hideTheirs();
      default:
        return this.#connections.run(command);
    }
  }

  async #getMedia(): Promise<void> {
    try {
      this.#mine = await this.#parts.getMedia();
    } catch (error) {
      return this.#receive({ kind: "media_failed", fault: error instanceof MediaRefused ? error.fault : "other" });
    }
    if (this.#over) return this.#stopMine();
    this.#screen.showMine(this.#mine);
    this.#receive({ kind: "media_ready" });
  }

  #stopMine(): void {
    for (const track of this.#mine?.getTracks() ?? []) track.stop();
  }
}
