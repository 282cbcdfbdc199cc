/** Shows a person's own camera. */
export function showMine(video: HTMLVideoElement, stream: MediaStream): void {
  video.srcObject = stream;
  void video.play().catch(() => undefined);
}

/** Shows the other person, and says when the first frame of them is on the screen. */
export class Theirs {
  readonly #video: HTMLVideoElement;
  readonly #hear: HTMLButtonElement;

  constructor(video: HTMLVideoElement, hear: HTMLButtonElement) {
    this.#video = video;
    this.#hear = hear;
    hear.addEventListener("click", () => {
      video.muted = false;
      hear.hidden = true;
      void this.#play();
    });
  }

  show(stream: MediaStream, firstFrame: () => void): void {
    if (this.#video.srcObject === stream) return;
    this.#video.srcObject = stream;
    onceShown(this.#video, firstFrame);
    void this.#play();
  }

  hide(): void {
    this.#video.srcObject = null;
    this.#hear.hidden = true;
  }

  async #play(): Promise<void> {
    try {
      await this.#video.play();
    } catch (error) {
      // A browser that wants a gesture before sound still shows a silent picture.
      if (!(error instanceof DOMException && error.name === "NotAllowedError")) return;
      if (this.#video.muted) return;
      this.#video.muted = true;
      this.#hear.hidden = false;
      await this.#play();
    }
  }
}

function onceShown(video: HTMLVideoElement, shown: () => void): void {
  if ("requestVideoFrameCallback" in video) video.requestVideoFrameCallback(shown);
  else (video as HTMLVideoElement).addEventListener("timeupdate", shown, { once: true });
}
