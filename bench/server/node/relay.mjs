// The official server, with what bench_load needs of it: the lesson's /rtc as parley has it, and a
// /broadcast whose clients all hear what one of them says.
//
// usage: node relay.mjs [CERTIFICATE KEY]; prints its port, and speaks TLS if it has a certificate.
// WebSocket alone, so that nothing else costs it memory.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { Server } from 'socket.io';

const [cert, key] = process.argv.slice(2).map((file) => readFileSync(file));
const http = cert ? createSecureServer({ cert, key }) : createServer();
const io = new Server(http, { transports: ['websocket'], serveClient: false });

let waiting;
const partners = new Map();

function seat(socket) {
  if (!waiting) {
    waiting = socket;
    return;
  }
  const caller = waiting;
  waiting = undefined;
  partners.set(caller, socket).set(socket, caller);
  caller.emit('identify', true);
  socket.emit('identify', false);
}

function leave(socket) {
  if (waiting === socket) waiting = undefined;
  const partner = partners.get(socket);
  if (!partner) return;
  partners.delete(socket);
  partners.delete(partner);
  partner.emit('left');
  seat(partner);
}

io.of('/rtc').on('connection', (socket) => {
  socket.on('signal', (signal) => partners.get(socket)?.emit('signal', signal));
  socket.on('disconnect', () => leave(socket));
  seat(socket);
});

const broadcast = io.of('/broadcast');
broadcast.on('connection', (socket) => {
  socket.on('say', (text) => broadcast.emit('say', text));
});

// A queue as long as the others' have, so that a storm is not measured by what was turned away.
http.listen({ host: '127.0.0.1', port: 0, backlog: 4096 }, () => console.log(http.address().port));
process.on('SIGTERM', () => process.exit(0));
