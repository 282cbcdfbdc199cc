import { find } from "./elements.ts";

/** Mute, camera and leave: the three things a person can do during a call. The frame of their own picture
 *  shows a sign in its place while the camera is off (`data-dark`). */
export class Controls {
  readonly #bar = find("controls", HTMLElement);
  readonly #mute = find("mute", HTMLButtonElement);
  readonly #camera = find("camera", HTMLButtonElement);
  readonly #frame = find("mine-frame", HTMLElement);
  #mine: MediaStream | undefined;

  constructor(leave: () => void) {
    this.#mute.addEventListener("click", () => this.#toggle(this.#mute, this.#mine?.getAudioTracks()));
    this.#camera.addEventListener("click", () => this.#toggle(this.#camera, this.#mine?.getVideoTracks()));
    find("leave", HTMLButtonElement).addEventListener("click", leave);
  }

  show(mine: MediaStream): void {
    this.#mine = mine;
    this.#bar.hidden = false;
    this.#label();
  }

  hide(): void {
    this.#bar.hidden = true;
    this.#frame.toggleAttribute("data-dark", true);
  }

  #toggle(button: HTMLButtonElement, tracks: MediaStreamTrack[] = []): void {
    const on = button.toggleAttribute("data-on");
    for (const track of tracks) track.enabled = on;
    this.#label();
  }

  #label(): void {
    const muted = !this.#mute.hasAttribute("data-on");
    const dark = !this.#camera.hasAttribute("data-on");
    setLabel(this.#mute, muted ? "Unmute" : "Mute");
    setLabel(this.#camera, dark ? "Camera on" : "Camera off");
    this.#frame.toggleAttribute("data-dark", dark);
  }
}

function setLabel(button: HTMLButtonElement, label: string): void {
  const text = button.querySelector("span");
  if (text) text.textContent = label;
}
