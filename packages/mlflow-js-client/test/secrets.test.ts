import { mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync } from "node:fs";
import type { IncomingHttpHeaders } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { inspect } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MlflowClient } from "../src/client.js";
import { type Connection, connectionFromEnvironment, parseTrackingUri } from "../src/environment.js";
import type { MlflowError } from "../src/errors.js";
import { redactor } from "../src/redact.js";
import { Sender } from "../src/sender.js";
import { Spool } from "../src/spool.js";
import { Transport } from "../src/transport.js";
import { type LocalServer, startLocalServer } from "./localServers.js";

const password = "pa55/wörd+1";
const token = "t0ken.abcdef-123";
const basic = Buffer.from(`ann:${password}`).toString("base64");
const secrets = [password, token, basic, encodeURIComponent(password), Buffer.from(token).toString("base64")];

/** Everything that a program would print, log or serialise of a value. */
function everythingOf(value: unknown): string {
  const texts = [
    String(value),
    inspect(value, { depth: 20, showHidden: true, getters: true }),
    JSON.stringify(value) ?? "",
  ];
  for (let error = value; error instanceof Error; error = error.cause)
    texts.push(error.message, error.stack ?? "", JSON.stringify(Object.getOwnPropertyDescriptors(error)));
  return texts.join("\n");
}

function expectNoSecret(text: string): void {
  for (const secret of secrets) expect(text).not.toContain(secret);
}

function contentBelow(folder: string): string {
  return readdirSync(folder, { recursive: true })
    .map((name) => path.join(folder, String(name)))
    .filter((file) => statSync(file).isFile())
    .map((file) => `${file}\n${readFileSync(file, "utf8")}`)
    .join("\n");
}

describe("secrets", () => {
  let server: LocalServer;
  let answer: (authorization: string) => { status: number; body: string; headers?: Record<string, string> };
  const arrived: string[] = [];

  beforeAll(async () => {
    server = await startLocalServer((request, response) => {
      const { authorization = "" } = request.headers;
      arrived.push(authorization);
      request.resume().once("end", () => {
        const { status, body, headers } = answer(authorization);
        response.writeHead(status, headers).end(body);
      });
    });
  });
  afterAll(() => server.close());

  const connections = (): Connection[] => {
    const HOME = mkdtempSync(path.join(tmpdir(), "mlflow-js-client-"));
    const { host } = new URL(server.uri);
    return [
      { uri: server.uri, username: "ann", password },
      { uri: server.uri, token },
      connectionFromEnvironment(
        { HOME, MLFLOW_TRACKING_USERNAME: "ann", MLFLOW_TRACKING_PASSWORD: password },
        server.uri,
      ),
      connectionFromEnvironment({ HOME, MLFLOW_TRACKING_TOKEN: token }, server.uri),
      connectionFromEnvironment({ HOME }, `http://ann:${encodeURIComponent(password)}@${host}/`),
      parseTrackingUri(`http://ann:${encodeURIComponent(password)}@${host}/`),
      { uri: `http://ann:${encodeURIComponent(password)}@${host}/` },
    ];
  };

  it("arrive at the server, in their header", async () => {
    answer = () => ({ status: 200, body: "{}" });
    arrived.length = 0;
    for (const connection of connections()) await new Transport(connection).json("GET", "/");
    expect(arrived).toEqual([
      `Basic ${basic}`,
      `Bearer ${token}`,
      `Basic ${basic}`,
      `Bearer ${token}`,
      ...Array(3).fill(`Basic ${basic}`),
    ]);
  });

  it("are not in what is printed of a client, its transport or a connection that this package made", () => {
    const all = connections();
    for (const connection of all) {
      const client = new MlflowClient(connection);
      for (const value of [client, client.transport, client.artifacts]) expectNoSecret(everythingOf(value));
      expect(client.transport.uri).toBe(server.uri);
    }
    for (const connection of all.slice(2, 6)) {
      expectNoSecret(everythingOf(connection));
      expect(inspect(connection)).toContain("***");
    }
  });

  it("are not in errors, even where the server's answer holds them", async () => {
    const echo = (authorization: string) => `you sent ${authorization}, which is ann:${password} or ${token}`;
    const answers: (typeof answer)[] = [
      (authorization) => ({ status: 401, body: `<p>${echo(authorization)}</p>` }),
      (authorization) => ({ status: 400, body: JSON.stringify({ error_code: "X", message: echo(authorization) }) }),
      (authorization) => ({ status: 200, body: echo(authorization) }),
      () => ({
        status: 302,
        body: "",
        headers: { location: `http://ann:${encodeURIComponent(password)}@h/?t=${token}` },
      }),
      (authorization) => ({ status: 500, body: JSON.stringify([echo(authorization)]) }),
    ];
    for (const connection of connections())
      for (answer of answers) {
        const client = new MlflowClient(connection, { attempts: 1 });
        const error = await client.transport.json<never>("GET", "/x").catch((thrown): MlflowError => thrown);
        expect(error.name).toBe("MlflowError");
        expect(error.cause).toBeUndefined();
        const both = connection.token === undefined ? [password, basic] : [token];
        for (const secret of [...both, encodeURIComponent(both[0]!)]) expect(everythingOf(error)).not.toContain(secret);
      }
    const nowhere = new Transport({ uri: `http://ann:${encodeURIComponent(password)}@127.0.0.1:9` }, { attempts: 1 });
    const error = await nowhere.json<never>("GET", "/").catch((thrown): MlflowError => thrown);
    expect(error.message).toMatch(/^GET http:\/\/127\.0\.0\.1:9\/: ECONNREFUSED/);
    expectNoSecret(everythingOf(error));
  });

  it("are not in the messages about artefact stores", async () => {
    const client = new MlflowClient({ uri: server.uri, token });
    for (const uri of [
      `s3://key:${token}@bucket/x`,
      `wasbs://c@a.blob/x?sig=${token}`,
      `https://ann:${token}@h/x?sig=${token}`,
      `ftp://ann:${token}@h/x`,
    ]) {
      const error = await client.artifacts.list(uri).then(
        () => undefined,
        (thrown: MlflowError) => thrown,
      );
      expect(error?.code).toBe("ARTIFACTS_NOT_SERVED");
      expectNoSecret(everythingOf(error));
    }
  });

  it("are not sent to another host that an address of artefacts names", async () => {
    const asked: IncomingHttpHeaders[] = [];
    const other = await startLocalServer((request, response) => {
      asked.push(request.headers);
      response.end("{}");
    });
    for (const secrets of [{ token }, { username: "ann", password: token }]) {
      const client = new MlflowClient({ uri: server.uri, workspace: "w", ...secrets });
      await client.artifacts.list(`mlflow-artifacts://${new URL(other.uri).host}/1/r/artifacts`);
      await client.artifacts.list(`${other.uri}/api/2.0/mlflow-artifacts/artifacts/1/r/artifacts`);
      client.transport.close();
    }
    await other.close();
    expect(asked.map(({ authorization }) => authorization)).toEqual(Array(4).fill(undefined));
  });

  it("are not written to disk with a spool, what was sent of it, and what was refused", async () => {
    const runs = mkdtempSync(path.join(tmpdir(), "mlflow-js-client-"));
    for (const [index, connection] of connections().entries()) {
      const folder = path.join(runs, String(index), "tracking");
      mkdirSync(folder, { recursive: true });
      const spool = new Spool(folder);
      spool.append({ kind: "create", time: 1, key: "k", experiment: "e", name: "n", tags: {} });
      spool.append({ kind: "params", values: { p: "1" } });
      spool.close();
      const run = {
        info: { run_id: "r", experiment_id: "1", artifact_uri: "mlflow-artifacts:/1/r", lifecycle_stage: "active" },
      };
      const known = {
        experiment: { experiment_id: "1", lifecycle_stage: "active" },
        run,
        runs: [],
        run_info: run.info,
      };
      // All goes well but the batch, which is refused with the header in the answer.
      let count = 0;
      answer = (authorization) =>
        server.seen[server.seen.length - 1]!.includes("log-batch")
          ? {
              status: 400,
              body: JSON.stringify({ error_code: "INVALID_PARAMETER_VALUE", message: `no: ${authorization}` }),
            }
          : { status: 200, body: JSON.stringify({ ...known, count: count++ }) };
      const client = new MlflowClient(connection, { attempts: 1 });
      const result = await new Sender({ folder, client }).send();
      expect(result).toMatchObject({ rejected: 1 });
      expectNoSecret(everythingOf(result));
    }
    const written = contentBelow(runs);
    expect(written).toContain("rejected.jsonl");
    expect(written).toContain("no: B");
    expectNoSecret(written);
  });

  it("short ones stay in texts of others, since they cannot be told from them", () => {
    const clean = redactor({ username: "a", password: "abc" });
    expect(clean("alphabet abc")).toBe("alphabet abc");
    expect(clean(`x ${Buffer.from("a:abc").toString("base64")}`)).toBe("x ***");
    expect(clean("see https://u:p@h/ and s3+x://k@b")).toBe("see https://h/ and s3+x://b");
  });
});
