// Starts our server and real browsers, one browser with a fresh profile for each person, and proves calls.
// PARLEY_SERVER is the server's binary, PARLEY_PAGES the built page, PARLEY_ARTIFACTS where screenshots go.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { env } from "node:process";
import puppeteer from "puppeteer-core";

export const patience = 60_000;

const root = resolve(import.meta.dirname, "../..");
const pages = env.PARLEY_PAGES ?? join(root, "build/dev/web/pages");
const server = env.PARLEY_SERVER ?? join(root, "build/dev/apps/parley/parley");
const artifacts = env.PARLEY_ARTIFACTS ?? join(root, "build/artifacts/browsers");

/** Our server on a free port, with the address that it prints for people to open. */
export async function startServer(options = []) {
  const child = spawn(server, ["--address", "127.0.0.1", "--port", "0", "--pages", pages, ...options], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise((done) => child.once("exit", (code, signal) => done(signal ?? code)));
  let said = "";
  const address = await new Promise((found, failed) => {
    const read = (chunk) => {
      said += chunk;
      const match = /http:\/\/[^\s"']+\/11/.exec(said);
      if (match) found(match[0]);
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.once("error", failed);
    ended.then((how) => failed(new Error(`the server ended at once (${how}):\n${said}`)));
  });
  return {
    address: address.replace("127.0.0.1", "localhost"),
    /** Ends the server, which must have nothing to say against it: a sanitizer's findings change the exit code. */
    async stop() {
      child.kill("SIGTERM");
      assert.equal(await ended, 0, said);
    },
  };
}

const launches = {
  chromium: {
    browser: "chrome",
    executablePath: "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--use-fake-ui-for-media-stream",
      "--use-fake-device-for-media-stream",
      "--disable-features=WebRtcHideLocalIpsWithMdns",
      "--allow-loopback-in-peer-connection",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--disable-quic",
      "--no-first-run",
      "--window-size=1280,800",
    ],
  },
  firefox: {
    browser: "firefox",
    executablePath: "/usr/bin/firefox-esr",
    args: ["--width=1280", "--height=800"],
    extraPrefsFirefox: {
      "media.navigator.streams.fake": true,
      "permissions.default.camera": 1,
      "permissions.default.microphone": 1,
      "media.peerconnection.ice.obfuscate_host_addresses": false,
      "media.peerconnection.ice.loopback": true,
      "media.gmp-manager.updateEnabled": false,
      "media.gmp-provider.enabled": false,
      "network.captive-portal-service.enabled": false,
      "network.connectivity-service.enabled": false,
      "app.update.auto": false,
      "browser.safebrowsing.update.enabled": false,
      "datareporting.policy.dataSubmissionEnabled": false,
    },
  },
};

/** A browser of one person, who may open one page after another. */
export async function openBrowser(kind) {
  const browser = await puppeteer.launch({
    ...launches[kind],
    headless: true,
    acceptInsecureCerts: true,
    defaultViewport: null,
    timeout: patience,
    protocolTimeout: patience * 2,
  });
  return {
    kind,
    browser,
    /** Opens the page; `disturb` is a function of this file that runs in it before the page's own code. */
    async open(address, disturb, ...values) {
      const page = await browser.newPage();
      page.setDefaultTimeout(patience);
      await page.evaluateOnNewDocument(watchConnections);
      if (disturb) await page.evaluateOnNewDocument(disturb, ...values);
      await page.goto(address, { waitUntil: "load" });
      return new Person(kind, page);
    },
    async close() {
      const group = browser.process()?.pid;
      await browser.close().catch(() => undefined);
      try {
        process.kill(-group, "SIGKILL");
      } catch {
        // Nothing of the group is left, as it should be.
      }
    },
  };
}

class Person {
  constructor(kind, page) {
    this.kind = kind;
    this.page = page;
  }

  /** Waits until the page tells this status, and this problem if one is named. */
  async told(status, problem) {
    const seen = `[data-status="${status}"]${problem ? `[data-problem="${problem}"]` : ""}`;
    await this.page.waitForSelector(`body${seen}`).catch(async () => {
      const { status: now, problem: why } = await this.page.evaluate(() => ({ ...document.body.dataset }));
      throw new Error(`${this.kind} waited for ${seen}, and the page says ${now}, ${why}`);
    });
  }

  words() {
    return this.page.$eval(".words", (words) => words.innerText);
  }

  /** Proves that the other person is seen and heard: new frames for two seconds, and audio packets that arrive. */
  async seesAndHears() {
    const proof = await this.page.evaluate(seeAndHear, patience);
    assert.ok(proof.seconds >= 2, `${this.kind} saw ${proof.frames} frames, and not for two seconds on end`);
    assert.ok(proof.packets > 0, `${this.kind} received no audio packets while it watched`);
    return proof;
  }

  async screenshot(name) {
    mkdirSync(artifacts, { recursive: true });
    await this.page.screenshot({ path: join(artifacts, `${name}.png`) });
  }
}

/** Opens a browser for each of the kinds, hands them to the story, and closes them whatever happens in it. */
export async function withBrowsers(kinds, story) {
  const open = [];
  try {
    for (const kind of kinds) open.push(await openBrowser(kind));
    return await story(...open);
  } finally {
    await Promise.all(open.map((browser) => browser.close()));
  }
}

/** Two people call each other; the first to arrive is the caller. */
export async function call(first, second, address) {
  const caller = await first.open(address);
  await caller.told("waiting_for_other");
  const receiver = await second.open(address);
  await areConnected(caller, receiver);
  return [caller, receiver];
}

export async function areConnected(...people) {
  await Promise.all(people.map((person) => person.told("connected", "none")));
  await Promise.all(people.map((person) => person.seesAndHears()));
}

// The functions below run inside the page.

function watchConnections() {
  window.connections = [];
  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(...options) {
      super(...options);
      window.connections.push(this);
    }
  };
}

/** The camera is refused with this error's name, until the test sets the page's `refuseMedia` to nothing. */
export function refuseMedia(name) {
  window.refuseMedia = name;
  const devices = MediaDevices.prototype;
  const getUserMedia = devices.getUserMedia;
  devices.getUserMedia = function (...constraints) {
    if (window.refuseMedia) return Promise.reject(new DOMException("refused by the test", window.refuseMedia));
    return getUserMedia.apply(this, constraints);
  };
}

/** No sound before the person has touched the page, as browsers have it that do not trust a site yet. */
export function wantGestureForSound() {
  const media = HTMLMediaElement.prototype;
  const play = media.play;
  let touched = false;
  addEventListener("pointerdown", () => (touched = true), { capture: true });
  media.play = function () {
    if (this.muted || touched) return play.call(this);
    this.pause();
    return Promise.reject(new DOMException("refused by the test", "NotAllowedError"));
  };
}

async function seeAndHear(patience) {
  const video = document.querySelector("#theirs");
  const started = performance.now();
  const packetsOf = async () => {
    const reports = await window.connections.at(-1).getStats();
    return [...reports.values()].find((r) => r.type === "inbound-rtp" && r.kind === "audio")?.packetsReceived ?? 0;
  };
  const nextFrame = () =>
    new Promise((shown) => {
      const late = setTimeout(() => shown(false), 1000);
      video.requestVideoFrameCallback(() => {
        clearTimeout(late);
        shown(true);
      });
    });

  const before = await packetsOf();
  let frames = 0;
  let since = performance.now();
  let seconds = 0;
  // A second without a frame starts the two seconds anew: a picture that stands still is no call.
  while (seconds < 2 && performance.now() - started < patience) {
    if (await nextFrame()) frames += 1;
    else since = performance.now();
    seconds = (performance.now() - since) / 1000;
  }
  return { frames, seconds, packets: (await packetsOf()) - before };
}
