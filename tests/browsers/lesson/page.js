// A page as the lesson wrote it, without any code of ours: ?server= says whose line it uses.
"use strict";

const socket = io(`${new URL(location.href).searchParams.get("server")}/rtc`);
const connection = new RTCPeerConnection();

const identified = new Promise((resolve) => socket.once("identify", resolve));
let gotRemoteSdp;
const remoteSdp = new Promise((resolve) => (gotRemoteSdp = resolve));

socket.on("signal", async (message) => {
  if (message.sdp) {
    await connection.setRemoteDescription(message.sdp);
    gotRemoteSdp();
  } else if (message.candidate) {
    await remoteSdp;
    await connection.addIceCandidate(message.candidate);
  }
});

connection.onicecandidate = ({ candidate }) => socket.emit("signal", { candidate });

const theirs = new MediaStream();
connection.ontrack = ({ track }) => {
  theirs.addTrack(track);
  document.querySelector("#theirs").srcObject = theirs;
};

async function getMediaStream() {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
  document.querySelector("#mine").srcObject = stream;
  for (const track of stream.getTracks()) connection.addTrack(track, stream);
}

async function sendSdp(description) {
  await connection.setLocalDescription(description);
  socket.emit("signal", { sdp: { type: description.type, sdp: description.sdp } });
}

async function caller() {
  await getMediaStream();
  await sendSdp(await connection.createOffer());
  await remoteSdp;
}

async function receiver() {
  await Promise.all([remoteSdp, getMediaStream()]);
  await sendSdp(await connection.createAnswer());
}

async function start() {
  socket.on("connect", () => (document.body.dataset.status = "waiting_for_other"));
  const first = await identified;
  document.body.dataset.role = first ? "caller" : "receiver";
  await (first ? caller() : receiver());
}

void start();
