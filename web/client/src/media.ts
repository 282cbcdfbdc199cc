import type { MediaFault } from "./engine.ts";

/** Why a browser refuses the camera, by the name of its error: W3C Media Capture and Streams, "getUserMedia()". */
const faults: Readonly<Record<string, MediaFault>> = {
  NotAllowedError: "not_allowed",
  SecurityError: "not_allowed",
  NotFoundError: "not_found",
  OverconstrainedError: "not_found",
  NotReadableError: "not_readable",
  AbortError: "not_readable",
};

export class MediaRefused extends Error {
  readonly fault: MediaFault;

  constructor(fault: MediaFault) {
    super(`no camera: ${fault}`);
    this.fault = fault;
  }
}

/** Camera and microphone of this device, or MediaRefused. */
export async function getMedia(): Promise<MediaStream> {
  // Browsers take the whole interface away from pages that came over plain HTTP.
  if (!("mediaDevices" in navigator)) throw new MediaRefused(isSecureContext ? "other" : "insecure");
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: true, video: { facingMode: "user" } });
  } catch (error) {
    throw new MediaRefused(faultOf(error));
  }
}

export function faultOf(error: unknown): MediaFault {
  return (error instanceof Error && faults[error.name]) || "other";
}
