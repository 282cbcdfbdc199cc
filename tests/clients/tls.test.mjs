// The program parley with TLS: official clients over wss:// and https://, openssl's own client, a certificate that
// is renewed meanwhile, and what the program says about files that will not do.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { env } from "node:process";
import { test } from "node:test";
import { connect } from "node:tls";
import { clientsOf, inTime, start, ways } from "./harness.mjs";

const program = env.PARLEY_SERVER ?? resolve(import.meta.dirname, "../../build/dev/apps/parley/parley");

/** A directory with a page, a certificate and its key. */
function directoryOf(t) {
  const directory = mkdtempSync(join(tmpdir(), "parley-tls-"));
  t.after(() => rmSync(directory, { recursive: true }));
  writeFileSync(join(directory, "index.html"), "<p>the call</p>");
  const files = { certificate: join(directory, "certificate.pem"), key: join(directory, "key.pem") };
  const renew = (name) => {
    const made = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", files.key];
    const args = ["req", "-x509", ...made, "-out", files.certificate, "-days", "1", "-subj", `/CN=${name}`];
    execFileSync("openssl", args, { stdio: "pipe" });
  };
  renew("first");
  const args = ["--address", "127.0.0.1", "--port", "0", "--tls-port", "0", "--pages", directory];
  return { files, renew, args: [...args, "--tls-certificate", files.certificate, "--tls-key", files.key] };
}

async function serverOf(t) {
  const directory = directoryOf(t);
  const server = await start(program, directory.args, /https:\/\/127\.0\.0\.1:(\d+)\/11/);
  t.after(() => server.stop());
  return { ...directory, port: Number(server.found), url: `https://127.0.0.1:${server.found}` };
}

/** Whom the server's certificate names. */
async function nameOf(port) {
  const socket = connect({ port, host: "127.0.0.1", rejectUnauthorized: false });
  await inTime(new Promise((done) => socket.once("secureConnect", done)), "a handshake");
  const { subject } = socket.getPeerCertificate();
  socket.destroy();
  return subject.CN;
}

for (const [way, transports] of Object.entries(ways)) {
  test(`two clients talk through TLS: ${way}`, async (t) => {
    const { url } = await serverOf(t);
    const open = clientsOf(t, () => url);
    const arrive = () => open("/rtc", { transports, rejectUnauthorized: false }).connected();
    const [a, b] = [await arrive(), await arrive()];
    await Promise.all([a.heard("identify"), b.heard("identify")]);
    for (const text of ["short", "x".repeat(100_000)]) {
      a.socket.emit("signal", text);
      assert.deepEqual(await b.heard("signal"), [text]);
      b.socket.emit("signal", text);
      assert.deepEqual(await a.heard("signal"), [text]);
    }
  });
}

test("openssl's client agrees on TLS 1.3 and HTTP/1.1, and gets the page", async (t) => {
  const { port } = await serverOf(t);
  const args = ["s_client", "-connect", `127.0.0.1:${port}`, "-alpn", "h2,http/1.1", "-ign_eof"];
  const input = "GET /11 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
  const { stdout } = spawnSync("openssl", args, { input, encoding: "utf8", timeout: 20_000 });
  assert.match(stdout, /TLSv1\.3/);
  assert.match(stdout, /ALPN protocol: http\/1\.1/);
  assert.match(stdout, /HTTP\/1\.1 200 OK/);
  assert.match(stdout, /<p>the call<\/p>/);
});

test("a renewed certificate is used for who comes next, and nobody is disconnected", async (t) => {
  const { url, port, renew } = await serverOf(t);
  const open = clientsOf(t, () => url);
  const client = await open("/rtc", { transports: ["websocket"], rejectUnauthorized: false }).connected();
  assert.equal(await nameOf(port), "first");
  renew("second");
  const renewed = async () => {
    while ((await nameOf(port)) !== "second") await new Promise((done) => setTimeout(done, 100));
  };
  await inTime(renewed(), "the renewed certificate");
  const partner = await open("/rtc", { transports: ["websocket"], rejectUnauthorized: false }).connected();
  await Promise.all([client.heard("identify"), partner.heard("identify")]);
  client.socket.emit("signal", "still here");
  assert.deepEqual(await partner.heard("signal"), ["still here"]);
});

test("a file that will not do is named, with the option that names another", (t) => {
  const { files, args } = directoryOf(t);
  const said = () => {
    const { status, stdout, stderr } = spawnSync(program, args, { encoding: "utf8", timeout: 20_000 });
    assert.deepEqual([status, stdout], [1, ""]);
    return stderr;
  };
  writeFileSync(files.key, "hello");
  assert.equal(
    said(),
    `There is no PEM key without a passphrase in ${files.key}. Name another with --tls-key.\n`,
  );
  rmSync(files.certificate);
  assert.equal(
    said(),
    `Cannot read the certificate ${files.certificate}: No such file or directory. Name another with --tls-certificate.\n`,
  );
});
