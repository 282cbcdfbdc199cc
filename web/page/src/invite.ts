import { find } from "./elements.ts";

/** The link to this call, with a button that copies it. */
export class Invite {
  readonly #box = find("invite", HTMLElement);
  readonly #link = find("link", HTMLInputElement);
  readonly #copy = find("copy", HTMLButtonElement);

  constructor(link: string) {
    this.#link.value = link;
    this.#link.addEventListener("focus", () => this.#link.select());
    this.#copy.addEventListener("click", () => void this.#copyLink());
  }

  set shown(shown: boolean) {
    this.#box.hidden = !shown;
    if (!shown) this.#copy.textContent = "Copy link";
  }

  async #copyLink(): Promise<void> {
    try {
      await navigator.clipboard.writeText(this.#link.value);
      this.#copy.textContent = "Copied";
    } catch {
      // Without the right to write, the person copies the selection by hand.
      this.#link.select();
    }
  }
}
