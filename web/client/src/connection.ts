import type { Command, Event } from "./engine.ts";

export type ConnectionCommand = Extract<Command, { connection: number }>;

/** What a connection needs from the page around it. */
export interface Surroundings {
  open(): RTCPeerConnection;
  media(): MediaStream | undefined;
  receive(event: Event): void;
  showTheirs(stream: MediaStream, connection: number): void;
}

/** Carries the engine's commands to the connections of the browser, and what they say back to the engine.
 *  Operations on one connection run strictly one after another, in the order of the commands. */
export class Connections {
  readonly #around: Surroundings;
  readonly #open = new Map<number, Connection>();

  constructor(around: Surroundings) {
    this.#around = around;
  }

  run(command: ConnectionCommand): void {
    const { connection: id } = command;
    if (command.kind === "open_connection") {
      this.#open.set(id, new Connection(id, this.#around));
    } else if (command.kind === "close_connection") {
      this.#open.get(id)?.close();
      this.#open.delete(id);
    } else {
      this.#open.get(id)?.run(command);
    }
  }

  closeAll(): void {
    for (const connection of this.#open.values()) connection.close();
    this.#open.clear();
  }
}

type Operation = Exclude<ConnectionCommand, { kind: "open_connection" | "close_connection" }>;

class Connection {
  readonly #id: number;
  readonly #around: Surroundings;
  readonly #peer: RTCPeerConnection;
  #last: Promise<void> = Promise.resolve();

  constructor(id: number, around: Surroundings) {
    this.#id = id;
    this.#around = around;
    this.#peer = around.open();
    const theirs = new MediaStream();
    this.#peer.ontrack = ({ track }) => {
      theirs.addTrack(track);
      around.showTheirs(theirs, id);
    };
    this.#peer.onicecandidate = ({ candidate }) => {
      // The empty one only ends the list, and the lesson has no word for that.
      if (!candidate?.candidate) return;
      around.receive({ kind: "local_candidate", connection: id, candidate: JSON.stringify(candidate) });
    };
    this.#peer.onconnectionstatechange = () => {
      around.receive({ kind: "connection_state", connection: id, state: this.#peer.connectionState });
    };
  }

  run(operation: Operation): void {
    this.#last = this.#last
      .then(() => this.#carryOut(operation))
      .catch((fault: unknown) => {
        this.#around.receive({ kind: "operation_failed", connection: this.#id, message: String(fault) });
      });
  }

  close(): void {
    this.#peer.ontrack = this.#peer.onicecandidate = this.#peer.onconnectionstatechange = null;
    this.#peer.close();
  }

  async #carryOut(operation: Operation): Promise<void> {
    // close() does not wait for the operations that were queued before it.
    if (this.#peer.signalingState === "closed") return;
    switch (operation.kind) {
      case "add_media":
        return this.#addMedia();
      case "create_offer":
        return this.#describe(await this.#peer.createOffer());
      case "create_answer":
        return this.#describe(await this.#peer.createAnswer());
      case "set_remote":
        return this.#setRemote({ type: operation.type as RTCSdpType, sdp: operation.sdp });
      case "add_candidate":
        return this.#addCandidate(JSON.parse(operation.candidate) as RTCIceCandidateInit | null);
    }
  }

  #addMedia(): void {
    const stream = this.#around.media();
    for (const track of stream?.getTracks() ?? []) this.#peer.addTrack(track, stream as MediaStream);
  }

  async #describe(description: RTCSessionDescriptionInit): Promise<void> {
    await this.#peer.setLocalDescription(description);
    const { type, sdp } = description;
    this.#around.receive({ kind: "local_description", connection: this.#id, type, sdp: sdp ?? "" });
  }

  async #setRemote(description: RTCSessionDescriptionInit): Promise<void> {
    await this.#peer.setRemoteDescription(description);
    this.#around.receive({ kind: "remote_description_set", connection: this.#id });
  }

  /** A candidate that this browser cannot use fails alone: the call may well come up by another one. */
  async #addCandidate(candidate: RTCIceCandidateInit | null): Promise<void> {
    if (!candidate?.candidate) return;
    await this.#peer.addIceCandidate(candidate).catch(() => undefined);
  }
}
