import type { Problem, Screen, Status } from "@parley/client";

import { Controls } from "./controls.ts";
import { find } from "./elements.ts";
import { Invite } from "./invite.ts";
import { showMine, Theirs } from "./pictures.ts";
import { type Action, actionLabels, browserOf, type PageState, wordsOfCall, wordsOfPage, type Words } from "./words.ts";

const localNames = ["localhost", "127.0.0.1", "[::1]"];

/** Everything the person sees. `data-status` and `data-problem` of the body choose the layout. */
export class View implements Screen {
  readonly #title = find("title", HTMLElement);
  readonly #detail = find("detail", HTMLElement);
  readonly #action = find("action", HTMLButtonElement);
  readonly #invite = new Invite(location.origin + location.pathname);
  readonly #theirs = new Theirs(find("theirs", HTMLVideoElement), find("hear", HTMLButtonElement));
  readonly #controls: Controls;
  readonly #circumstances = {
    browser: browserOf(navigator.userAgent),
    local: localNames.includes(location.hostname),
  };

  constructor(does: { leave: () => void; act: (action: Action) => void }) {
    this.#controls = new Controls(does.leave);
    this.#action.addEventListener("click", () => does.act(this.#action.value as Action));
  }

  tell(status: Status, problem: Problem): void {
    this.#show(status, problem, wordsOfCall(status, problem, this.#circumstances));
    this.#invite.shown = status === "waiting_for_other";
  }

  tellPage(state: PageState): void {
    this.#show(state, "none", wordsOfPage(state));
    this.#invite.shown = false;
  }

  showMine(stream: MediaStream): void {
    showMine(find("mine", HTMLVideoElement), stream);
    this.#controls.show(stream);
  }

  hideMine(): void {
    this.#controls.hide();
  }

  showTheirs(stream: MediaStream, firstFrame: () => void): void {
    this.#theirs.show(stream, firstFrame);
  }

  hideTheirs(): void {
    this.#theirs.hide();
  }

  #show(status: string, problem: string, { title, detail, action }: Words): void {
    document.body.dataset.status = status;
    document.body.dataset.problem = problem;
    document.title = `${title} · parley`;
    this.#title.textContent = title;
    this.#detail.textContent = detail;
    this.#action.hidden = !action;
    if (action) {
      this.#action.value = action;
      this.#action.textContent = actionLabels[action];
    }
  }
}
