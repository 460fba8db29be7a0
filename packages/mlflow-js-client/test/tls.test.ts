import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Connection } from "../src/environment.js";
import type { MlflowError } from "../src/errors.js";
import { Transport } from "../src/transport.js";
import { type LocalServer, startLocalServer } from "./localServers.js";

function hasOpenssl(): boolean {
  try {
    execFileSync("openssl", ["version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
const reason = hasOpenssl() ? "" : " (skipped: no openssl program)";

describe.skipIf(!hasOpenssl())(`TLS${reason}`, () => {
  const folder = mkdtempSync(path.join(tmpdir(), "mlflow-js-client-"));
  const at = (name: string) => path.join(folder, name);
  const openssl = (...args: string[]) => execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
  const authority = (name: string) => {
    openssl(
      "req",
      "-x509",
      "-newkey",
      "ec",
      "-pkeyopt",
      "ec_paramgen_curve:prime256v1",
      "-nodes",
      "-days",
      "2",
      ...[...["-subj", `/CN=${name}`, "-keyout", `${name}.key`, "-out", `${name}.pem`]],
    );
  };
  /** A certificate for `subject`, with its key in the same file as well. */
  const certificate = (name: string, by: string, names: string) => {
    writeFileSync(at(`${name}.ext`), `subjectAltName=${names}\n`);
    openssl(
      "req",
      "-newkey",
      "ec",
      "-pkeyopt",
      "ec_paramgen_curve:prime256v1",
      "-nodes",
      "-subj",
      `/CN=${name}`,
      ...[...["-keyout", `${name}.key`, "-out", `${name}.csr`]],
    );
    openssl(
      "x509",
      "-req",
      "-in",
      `${name}.csr`,
      "-CA",
      `${by}.pem`,
      "-CAkey",
      `${by}.key`,
      "-CAcreateserial",
      ...[...["-days", "2", "-extfile", `${name}.ext`, "-out", `${name}.pem`]],
    );
    writeFileSync(
      at(`${name}.both.pem`),
      readFileSync(at(`${name}.key`), "utf8") + readFileSync(at(`${name}.pem`), "utf8"),
    );
  };
  const servers: LocalServer[] = [];
  let server: LocalServer;
  let wary: LocalServer;
  let named: LocalServer;

  beforeAll(async () => {
    authority("ours");
    authority("theirs");
    certificate("server", "ours", "IP:127.0.0.1");
    certificate("host", "ours", "DNS:mlflow.example");
    certificate("client", "ours", "DNS:client");
    const key = readFileSync(at("server.key"));
    const cert = readFileSync(at("server.pem"));
    const ca = readFileSync(at("ours.pem"));
    server = await startLocalServer((_, response) => response.end('{"ok":true}'), { key, cert });
    wary = await startLocalServer(
      (request, response) => {
        const peer = (
          request.socket as unknown as { getPeerCertificate(): { subject: { CN: string } } }
        ).getPeerCertificate();
        response.end(JSON.stringify({ who: peer.subject.CN }));
      },
      { key, cert, ca, requestCert: true, rejectUnauthorized: true },
    );
    named = await startLocalServer((_, response) => response.end("{}"), {
      key: readFileSync(at("host.key")),
      cert: readFileSync(at("host.pem")),
    });
    servers.push(server, wary, named);
  });
  afterAll(async () => {
    for (const each of servers) await each.close();
  });

  async function ask(to: { uri: string }, settings: Partial<Connection> = {}): Promise<unknown> {
    const transport = new Transport(
      { uri: to.uri, password: "pa55w0rd", username: "ann", ...settings },
      { pauseMs: 1 },
    );
    try {
      return await transport.json("GET", "/");
    } catch (error) {
      return error;
    } finally {
      transport.close();
    }
  }

  it("accepts a server with its own authority: from a file, from a folder", async () => {
    expect(await ask(server, { serverCertPath: at("ours.pem") })).toEqual({ ok: true });
    mkdirSync(at("authorities"));
    writeFileSync(at("authorities/a.pem"), readFileSync(at("theirs.pem")));
    writeFileSync(at("authorities/b.pem"), readFileSync(at("ours.pem")));
    writeFileSync(at("authorities/README"), "no certificate");
    expect(await ask(server, { serverCertPath: at("authorities") })).toEqual({ ok: true });
  });

  it("refuses it without the authority, with another one, and under another name; nothing is sent, nothing repeated", async () => {
    const before = server.connections();
    for (const settings of [{}, { serverCertPath: at("theirs.pem") }]) {
      const error = (await ask(server, settings)) as MlflowError;
      expect(error).toMatchObject({ code: "TLS", status: 0, transient: true });
      expect(error.message).toMatch(
        /the server's certificate is not trusted \(.*\): give .* MLFLOW_TRACKING_SERVER_CERT_PATH$/,
      );
    }
    expect(server.connections() - before).toBe(2);
    const other = (await ask(named, { serverCertPath: at("ours.pem") })) as MlflowError;
    expect(other.message).toMatch(
      /the server's certificate is for another host name \(ERR_TLS_CERT_ALTNAME_INVALID\)$/,
    );
    expect(named.seen).toEqual([]);
  });

  it("trusts any certificate where it is told to", async () => {
    expect(await ask(server, { insecureTls: true })).toEqual({ ok: true });
    expect(() => new Transport({ uri: server.uri, insecureTls: true, serverCertPath: at("ours.pem") })).toThrow(
      /serverCertPath is given as well/,
    );
  });

  it("shows its own certificate", async () => {
    const settings = { serverCertPath: at("ours.pem") };
    expect(await ask(wary, { ...settings, clientCertPath: at("client.both.pem") })).toEqual({ who: "client" });
    expect(await ask(wary, settings)).toMatchObject({ status: 0, transient: true });
  });

  it("says what is wrong with a certificate file before anything is sent", () => {
    const transport = (settings: Partial<Connection>) => () => new Transport({ uri: server.uri, ...settings });
    writeFileSync(at("empty.pem"), "");
    writeFileSync(at("broken.pem"), "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    expect(transport({ serverCertPath: at("none.pem") })).toThrow(/none.pem": it cannot be read \(ENOENT\)/);
    expect(transport({ serverCertPath: at("empty.pem") })).toThrow(/empty.pem": there is no certificate in PEM in it/);
    expect(transport({ serverCertPath: at("broken.pem") })).toThrow(/broken.pem": it cannot be used/);
    expect(transport({ clientCertPath: at("client.pem") })).toThrow(/must hold the certificate and its private key/);
  });

  it("says when the other side speaks no TLS", async () => {
    const open = await startLocalServer((_, response) => response.end("{}"));
    servers.push(open);
    const error = (await ask({ uri: open.uri.replace("http:", "https:") })) as MlflowError;
    expect(error.code).toBe("TLS");
    expect(error.message).toMatch(/the server does not speak TLS on this port/);
  });

  it("sends no credentials from https to http", () => {
    const transport = new Transport({ uri: "https://h:1", token: "t0ken" });
    expect(() => transport.at("http://h:1")).toThrow(/credentials for https:\/\/h:1 are not sent without encryption/);
    expect(transport.at("https://other:1").uri).toBe("https://other:1");
    expect(transport.at("https://h:1/")).toBe(transport);
  });
});
