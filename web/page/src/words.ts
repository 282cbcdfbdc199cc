import type { Problem, Status } from "@parley/client";

/** What the page itself can say before there is an engine or after the call. */
export type PageState = "starting" | "unsupported" | "broken" | "left";

export type Browser = "chromium" | "firefox" | "safari";

export type Action = "try_again" | "reload" | "join_again";

export interface Words {
  title: string;
  detail: string;
  action?: Action;
}

export interface Circumstances {
  browser: Browser;
  /** The page's address means this very computer, so nobody else can open it. */
  local: boolean;
}

export const actionLabels: Readonly<Record<Action, string>> = {
  try_again: "Try again",
  reload: "Reload",
  join_again: "Join again",
};

const allowCamera: Readonly<Record<Browser, string>> = {
  chromium: "Click the camera sign in the address bar and allow camera and microphone. Then try again.",
  firefox: "Click the crossed-out camera in the address bar and clear the block. Then try again.",
  safari: "Allow camera and microphone in Safari’s settings for this website. Then try again.",
};

const pageWords: Readonly<Record<PageState, Words>> = {
  starting: { title: "Starting", detail: "" },
  unsupported: {
    title: "This browser cannot make calls",
    detail: "Open this link in a current Firefox, Chrome, Edge or Safari.",
  },
  broken: {
    title: "The page did not load completely",
    detail: "The connection may have broken off. Reload the page.",
    action: "reload",
  },
  left: { title: "You left the call", detail: "Your camera and microphone are off.", action: "join_again" },
};

export function wordsOfPage(state: PageState): Words {
  return pageWords[state];
}

/** One sentence that says where the call stands and, if something is wrong, what to do about it. */
export function wordsOfCall(status: Status, problem: Problem, circumstances: Circumstances): Words {
  return { ...statusWords(status, circumstances), ...problemWords(status, problem, circumstances) };
}

function statusWords(status: Status, { local }: Circumstances): Words {
  switch (status) {
    case "reaching_server":
      return { title: "Reaching the server", detail: "One moment." };
    case "asking_for_camera":
      return { title: "Asking for your camera", detail: "Choose “Allow” when your browser asks." };
    case "waiting_for_other":
      return {
        title: "Waiting for the other person",
        detail: local
          ? "Open this link in a second window on this computer."
          : "Send them this link. The call starts when they open it.",
      };
    case "connecting":
      return { title: "Connecting", detail: "The other person is here." };
    case "connected":
      return { title: "Connected", detail: "" };
  }
}

function problemWords(status: Status, problem: Problem, { browser }: Circumstances): Partial<Words> {
  switch (problem) {
    case "none":
      return {};
    case "server_lost":
      return status === "connected"
        ? { detail: "The server is out of reach. Your call goes on without it." }
        : { title: "The server is out of reach", detail: "Check your internet connection. We keep trying." };
    case "other_left":
      return { detail: "The other person left. You can be called again: the link still works." };
    case "camera_not_allowed":
      return { title: "Your camera is blocked", detail: allowCamera[browser], action: "try_again" };
    case "camera_not_found":
      return {
        title: "No camera or microphone found",
        detail: "A call needs both. Plug them in, then try again.",
        action: "try_again",
      };
    case "camera_busy":
      return {
        title: "Your camera is in use",
        detail: "Another program or window holds it. Close that one, then try again.",
        action: "try_again",
      };
    case "insecure_page":
      return {
        title: "This address cannot use your camera",
        detail: "Browsers allow it only on https:// addresses and on localhost. Ask for a link that starts with https://.",
      };
    case "camera_other":
      return {
        title: "Your camera did not start",
        detail: "Unplug it and plug it in again, or restart the browser. Then try again.",
        action: "try_again",
      };
    case "taking_long":
      return { detail: "This takes longer than usual. We keep trying; reloading the page on either side can help." };
    case "no_path":
      return {
        title: "Your networks do not let you through",
        detail: "A firewall stands between you two. Try another network, such as a phone’s hotspot, and reload.",
        action: "reload",
      };
    case "negotiation_failed":
      return {
        title: "The two browsers could not agree",
        detail: "Reload the page. If that does not help, update the browsers on both sides.",
        action: "reload",
      };
  }
}

export function browserOf(userAgent: string): Browser {
  if (/Firefox\//.test(userAgent)) return "firefox";
  return /Chrom(e|ium)\//.test(userAgent) ? "chromium" : "safari";
}
