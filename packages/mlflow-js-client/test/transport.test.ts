import { mkdtempSync, truncateSync, writeFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer as createTcpServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { pauseBefore, retryAfterMs } from "../src/backoff.js";
import { MlflowClient } from "../src/client.js";
import { MlflowError } from "../src/errors.js";
import { bytesBody, fileBody } from "../src/files.js";
import { Transport, type TransportOptions } from "../src/transport.js";
import { type LocalServer, startLocalServer } from "./localServers.js";

const open: { close: () => unknown }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

async function serve(
  answer: (request: IncomingMessage, response: ServerResponse, count: number) => void,
): Promise<LocalServer> {
  const server = await startLocalServer(answer);
  open.push(server);
  return server;
}

function transportTo(
  { uri, timeoutMs }: { uri: string; timeoutMs?: number },
  options: TransportOptions = {},
): Transport {
  const transport = new Transport({ uri, timeoutMs }, { pauseMs: 1, ...options });
  open.push(transport);
  return transport;
}

const failure = (promise: Promise<unknown>): Promise<MlflowError> =>
  promise.then(
    () => Promise.reject(new Error("it did not fail")),
    (error) => error,
  );

/** Reads the request to its end and answers `{}`. */
const answerOk = (request: IncomingMessage, response: ServerResponse): void => {
  request.resume().once("end", () => response.end("{}"));
};

describe("Transport", () => {
  it("keeps its connection, sends JSON, query and encoded paths", async () => {
    const bodies: string[] = [];
    const server = await serve((request, response) => {
      let text = "";
      request.setEncoding("utf8").on("data", (part) => {
        text += part;
      });
      request.once("end", () => {
        bodies.push(`${request.headers["content-type"]} ${request.headers["content-length"]} ${text}`);
        response.end('{"a":"ü"}');
      });
    });
    const transport = transportTo(server);
    expect(
      await transport.json("POST", "/x", { json: { k: "ä" }, query: { q: "a b&c", n: 1, none: undefined } }),
    ).toEqual({
      a: "ü",
    });
    for (let i = 0; i < 4; i++) await transport.json("GET", "/y%20z");
    expect(server.seen).toEqual(["POST /x?q=a+b%26c&n=1", ...Array(4).fill("GET /y%20z")]);
    expect(bodies).toEqual(['application/json 10 {"k":"ä"}', ...Array(4).fill("undefined undefined ")]);
    expect(server.connections()).toBe(1);
  });

  it("repeats what may be repeated on a connection that was closed while idle, although one attempt is allowed", async () => {
    const served = new WeakSet<object>();
    const server = await serve((request, response) => {
      if (served.has(request.socket)) return void request.socket.destroy();
      served.add(request.socket);
      answerOk(request, response);
    });
    const transport = transportTo(server, { attempts: 1 });
    await transport.json("POST", "/1", { json: {} });
    await transport.json("POST", "/2", { json: {} });
    expect(server.seen).toEqual(["POST /1", "POST /2", "POST /2"]);
    // What must not be repeated is never sent over a kept connection, so it needs no repetition.
    await transport.json("POST", "/3", { json: {} });
    await transport.json("POST", "/once", { json: {}, retry: false });
    expect(server.seen.filter((request) => request === "POST /once")).toHaveLength(1);
  });

  it("never repeats a request that must not be", async () => {
    const server = await serve((request) => {
      request.resume().once("end", () => request.socket.destroy());
    });
    const error = await failure(transportTo(server).json("POST", "/create", { json: {}, retry: false }));
    expect(error).toMatchObject({ status: 0, code: "UNREACHABLE", transient: true });
    expect(error.message).toBe(
      `POST ${server.uri}/create: ECONNRESET (the connection was closed before the answer was complete)`,
    );
    expect(server.seen).toHaveLength(1);
  });

  it("repeats after 408, 429, 500, 502, 503, 504 and broken answers, and not after others", async () => {
    for (const status of [408, 429, 500, 502, 503, 504]) {
      const server = await serve((request, response, count) => {
        request.resume();
        response.writeHead(count < 3 ? status : 200).end("{}");
      });
      await transportTo(server).json("GET", "/");
      expect(server.seen).toHaveLength(3);
    }
    for (const status of [302, 304, 400, 401, 403, 404, 409, 501]) {
      const server = await serve((request, response) => {
        request.resume();
        response.writeHead(status).end();
      });
      const error = await failure(transportTo(server).json("GET", "/"));
      expect(error).toMatchObject({ status, transient: false });
      expect(server.seen).toHaveLength(1);
    }
  });

  it("tries as often as it is told, by its options before its connection", async () => {
    const server = await serve((_, response) =>
      response.writeHead(500).end("<h1>Internal\nError</h1><style>x{}</style>"),
    );
    for (const [maxRetries, attempts, requests] of [
      [undefined, undefined, 4],
      [2, undefined, 3],
      [0, undefined, 1],
      [5, 2, 2],
    ] as const) {
      server.seen.length = 0;
      const transport = new Transport({ uri: server.uri, maxRetries, backoffMs: 1 }, { attempts });
      open.push(transport);
      const error = await failure(transport.json("GET", "/x"));
      expect(error.message).toBe("GET /x: Internal Error (500)");
      expect(server.seen).toHaveLength(requests);
    }
  });

  it("waits as Retry-After asks, and hands a long wait to the caller", async () => {
    const times: number[] = [];
    const server = await serve((_, response, count) => {
      times.push(Date.now());
      if (count === 1) response.writeHead(429, { "retry-after": "1" }).end();
      else if (count === 2) response.writeHead(503, { "retry-after": "3600" }).end();
      else response.end("{}");
    });
    const transport = transportTo(server);
    const error = await failure(transport.json("GET", "/"));
    expect(times[1]! - times[0]!).toBeGreaterThanOrEqual(995);
    expect(error).toMatchObject({ status: 503, retryAfterMs: 3_600_000 });
    expect(server.seen).toHaveLength(2);
  });

  it("reads Retry-After as RFC 9110 has it, and pauses twice as long each time", () => {
    // Section 10.2.3 of RFC 9110 gives both forms.
    const date = "Fri, 31 Dec 1999 23:59:59 GMT";
    expect(retryAfterMs("120")).toBe(120_000);
    expect(retryAfterMs(date, "Fri, 31 Dec 1999 23:59:49 GMT", 0)).toBe(10_000);
    expect(retryAfterMs(date, undefined, 946_684_799_000 - 2_500)).toBe(2_500);
    expect(retryAfterMs(date, undefined, 946_684_799_000 + 1)).toBe(0);
    for (const none of [undefined, "", "-1", "1.5", "soon"]) expect(retryAfterMs(none)).toBeUndefined();
    expect([2, 3, 4, 5, 12].map((attempt) => pauseBefore(attempt, 250, 0))).toEqual([250, 500, 1000, 2000, 120_000]);
    const some = Array.from({ length: 200 }, () => pauseBefore(2, 100, 50));
    expect(Math.min(...some)).toBeGreaterThanOrEqual(100);
    expect(Math.max(...some)).toBeLessThan(150);
    expect(new Set(some).size).toBeGreaterThan(100);
  });

  it("gives up on silence, and not on a slow answer that goes on", async () => {
    const silent = await serve((request) => void request.resume());
    const error = await failure(transportTo({ uri: silent.uri, timeoutMs: 150 }, { attempts: 2 }).request("GET", "/"));
    expect(error).toMatchObject({ status: 0, code: "TIMEOUT" });
    expect(error.message).toBe(`GET ${silent.uri}/: no answer within 150 ms`);
    expect(silent.seen).toHaveLength(2);
    const slow = await serve((_, response) => {
      let left = 12;
      const timer = setInterval(() => {
        response.write("x");
        if (--left > 0) return;
        clearInterval(timer);
        response.end();
      }, 60);
    });
    const answer = await transportTo({ uri: slow.uri, timeoutMs: 400 }, { attempts: 1 }).request("GET", "/");
    expect(answer.text).toBe("x".repeat(12));
    const stalled = await serve((_, response) => void response.write("half"));
    expect(
      await failure(transportTo({ uri: stalled.uri, timeoutMs: 150 }, { attempts: 1 }).request("GET", "/")),
    ).toMatchObject({
      code: "TIMEOUT",
    });
  });

  it("has a limit of its own for the connection, the handshake included", async () => {
    const mute = createTcpServer((socket) => void socket.resume());
    await new Promise<void>((resolve) => mute.listen(0, "127.0.0.1", resolve));
    open.push({ close: () => new Promise((resolve) => mute.close(resolve)) });
    const { port } = mute.address() as { port: number };
    const transport = transportTo({ uri: `https://127.0.0.1:${port}` }, { attempts: 1, connectTimeoutMs: 150 });
    const error = await failure(transport.json("GET", "/"));
    expect(error.code).toBe("TIMEOUT");
    expect(error.message).toMatch(/no connection within 150 ms$/);
  });

  it("does not follow redirects, and says where they lead without what may be a key", async () => {
    const elsewhere = await serve(answerOk);
    const location = `${elsewhere.uri.replace("//", "//ann:pa55@")}/login?state=s3cret#x`;
    const server = await serve((_, response) => response.writeHead(302, { location }).end());
    const error = await failure(transportTo(server).json("POST", "/x", { json: {} }));
    expect(error.message).toBe(
      `POST /x: redirects are not followed, this one leads to ${elsewhere.uri}/login: is the tracking address right? (302)`,
    );
    expect(error).toMatchObject({ status: 302, code: "HTTP_302" });
    expect(elsewhere.seen).toEqual([]);
  });

  it("notices answers that are cut short", async () => {
    for (const cut of [
      (response: ServerResponse) => response.writeHead(200, { "content-length": "100" }).write('{"a":'),
      (response: ServerResponse) => response.writeHead(200).write('{"a":1}'),
    ]) {
      const server = await serve((request, response) => {
        request.resume();
        cut(response);
        setTimeout(() => response.destroy(), 20);
      });
      const error = await failure(transportTo(server, { attempts: 2 }).json("GET", "/"));
      expect(error).toMatchObject({ status: 0, code: "UNREACHABLE", transient: true });
      expect(error.message).toMatch(/ECONNRESET|ended too early/);
      expect(server.seen).toHaveLength(2);
    }
    // Cut, but with a length that hides it: then it is no JSON.
    const server = await serve((_, response, count) => response.end(count < 3 ? '{"a":' : '{"a":1}'));
    expect(await transportTo(server).json("GET", "/")).toEqual({ a: 1 });
    expect(server.seen).toHaveLength(3);
    const page = await serve((_, response) => response.end("<title>Log in</title>"));
    const error = await failure(transportTo(page, { attempts: 1 }).json("GET", "/"));
    expect(error).toMatchObject({ status: 200, code: "NOT_JSON", transient: true });
    expect(error.message).toBe("GET /: the answer is not a JSON object: Log in");
  });

  it("takes nothing but a JSON object for an answer: MLflow is never silent", async () => {
    for (const [body, words] of [
      ["", "it is empty"],
      ["null", "null"],
      ["[]", "[]"],
      ['"ok"', '"ok"'],
    ]) {
      const server = await serve((request, response) => {
        request.resume().once("end", () => response.end(body));
      });
      const client = new MlflowClient({ uri: server.uri }, { attempts: 2, pauseMs: 1 });
      open.push(client.transport);
      const points = { metrics: [{ key: "m", value: 1, step: 1, timestamp: 1 }] };
      const error = await failure(client.logBatch("r", points));
      expect(error).toMatchObject({ status: 200, code: "NOT_JSON", transient: true });
      expect(error.message).toMatch(new RegExp(`is not a JSON object: ${words!.replace("[]", "\\[\\]")}$`));
      expect(server.seen).toHaveLength(2);
      const put = client.artifacts.upload("mlflow-artifacts:/1", "a.txt", Buffer.from("x"));
      if (body === "") await put;
      else expect(await failure(put)).toMatchObject({ code: "NOT_JSON" });
    }
    const hollow = await serve(answerOk);
    const client = new MlflowClient({ uri: hollow.uri }, { attempts: 1 });
    open.push(client.transport);
    for (const act of [
      () => client.getRun("r"),
      () => client.getExperiment("1"),
      () => client.createExperiment("e"),
      () => client.getRegisteredModel("m"),
      () => client.getModelVersion("m", 1),
      () => client.getLoggedModel("m-1"),
      () => client.updateRun("r", { name: "n" }),
    ])
      expect(await failure(act())).toMatchObject({ name: "MlflowError", code: "NOT_JSON" });
  });

  it("repeats what is made once as its settings and the server's Retry-After say", async () => {
    const times: number[] = [];
    const server = await serve((request, response) => {
      times.push(performance.now());
      request.resume().once("end", () => response.writeHead(503, { "retry-after": "1" }).end());
    });
    const run = { experimentId: "1", name: "n" };
    const single = new MlflowClient({ uri: server.uri }, { attempts: 1 });
    expect(await failure(single.createRun(run))).toMatchObject({ status: 503 });
    expect(await failure(single.deleteRegisteredModel("m"))).toMatchObject({ status: 503 });
    expect(server.seen).toHaveLength(2);
    times.length = 0;
    const double = new MlflowClient({ uri: server.uri }, { attempts: 2, pauseMs: 1 });
    expect(await failure(double.deleteRegisteredModel("m"))).toMatchObject({ status: 503 });
    expect(times[1]! - times[0]!).toBeGreaterThanOrEqual(990);
    double.transport.close();
    expect(await failure(double.createRun(run))).toMatchObject({ code: "CLOSED" });
    expect(times).toHaveLength(2);
  });

  it("gives an experiment or a model of that name as made only if it was made by the same call", async () => {
    const said = { error_code: "RESOURCE_ALREADY_EXISTS", message: "there is one" };
    const other = { experiment_id: "7", name: "e", tags: [{ key: "mlflow.jsClient.key", value: "another" }] };
    let posts = 0;
    const server = await serve((request, response) => {
      const answer = (status: number, body: unknown) =>
        request.resume().once("end", () => response.writeHead(status).end(JSON.stringify(body)));
      if (request.method === "GET") answer(200, { experiment: other, registered_model: other });
      else if (++posts === 1) answer(503, {});
      else answer(400, said);
    });
    const client = new MlflowClient({ uri: server.uri }, { pauseMs: 1 });
    open.push(client.transport);
    expect(await failure(client.createExperiment("e"))).toMatchObject({ code: "RESOURCE_ALREADY_EXISTS" });
    posts = 0;
    expect(await failure(client.createRegisteredModel("e"))).toMatchObject({ code: "RESOURCE_ALREADY_EXISTS" });
  });

  it("waits for an answer to an upload for as long as its connection allows, if that is more", async () => {
    const server = await serve((request, response) => {
      request.resume().once("end", () => setTimeout(() => response.end("{}"), 300));
    });
    const json = { a: 1 };
    await transportTo({ uri: server.uri, timeoutMs: 5000 }).json("PUT", "/", { json, answerTimeoutMs: 50 });
    await transportTo({ uri: server.uri, timeoutMs: 50 }).json("PUT", "/", { json, answerTimeoutMs: 5000 });
    expect(server.seen).toHaveLength(2);
  });

  it("takes the server's code and words from its JSON", async () => {
    const said = { error_code: "INVALID_PARAMETER_VALUE", message: "a <b>bad</b>\nvalue" };
    const server = await serve((_, response) => response.writeHead(400).end(JSON.stringify(said)));
    const error = await failure(transportTo(server).json("GET", "/x"));
    expect(error).toBeInstanceOf(MlflowError);
    expect(error).toMatchObject({ status: 400, code: said.error_code, message: "GET /x: a bad value (400)" });
  });

  it("reads the refusal of a large body although the server closes the connection without reading it", async () => {
    const { createServer } = await import("node:http");
    const server = createServer();
    const refuse = (request: IncomingMessage, response: ServerResponse): void => {
      response.writeHead(401, { connection: "close" }).end("who are you?", () => request.socket.destroy());
    };
    let asked = 0;
    server.on("checkContinue", (request, response) => {
      asked++;
      refuse(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    open.push({ close: () => new Promise((resolve) => server.close(resolve)) });
    const { port } = server.address() as { port: number };
    const transport = transportTo({ uri: `http://127.0.0.1:${port}` });
    const body = async () => bytesBody(new Uint8Array(30_000_000));
    const error = await failure(transport.request("PUT", "/big", { body }));
    expect(error.message).toBe("PUT /big: who are you? (401)");
    expect(asked).toBe(1);
  });

  it("streams a file, tells its progress, and sends none that changes meanwhile as if it were whole", async () => {
    const file = path.join(mkdtempSync(path.join(tmpdir(), "mlflow-js-client-")), "f.bin");
    const bytes = Uint8Array.from({ length: 3_000_001 }, (_, i) => (i * 31) % 251);
    writeFileSync(file, bytes);
    const received: Buffer[] = [];
    const server = await serve((request, response) => {
      request.on("data", (part: Buffer) => received.push(part));
      request.once("end", () => response.end("{}"));
    });
    const steps: number[] = [];
    const transport = transportTo(server);
    await transport.request("PUT", "/f", { body: () => fileBody(file), onSent: (sent) => steps.push(sent) });
    expect(Buffer.concat(received).equals(bytes)).toBe(true);
    expect(steps.at(-1)).toBe(bytes.length);
    expect(steps).toEqual([...steps].sort((a, b) => a - b));
    expect(steps.length).toBeGreaterThan(5);
    const body = async () => {
      const whole = await fileBody(file);
      truncateSync(file, 1000);
      return whole;
    };
    const error = await failure(transportTo(server, { attempts: 1 }).request("PUT", "/f", { body }));
    expect(error).toMatchObject({ status: 0, code: "FILE_CHANGED", transient: true });
    // A second attempt finds the file as it is now.
    writeFileSync(file, bytes);
    received.length = 0;
    await transport.request("PUT", "/f", { body });
    expect(Buffer.concat(received).subarray(-1000).equals(bytes.subarray(0, 1000))).toBe(true);
    writeFileSync(file, "");
    received.length = 0;
    await transport.request("PUT", "/f", { body: () => fileBody(file) });
    expect(Buffer.concat(received)).toHaveLength(0);
  });

  it("lets what the consumer of an answer throws pass unchanged", async () => {
    const server = await serve((_, response) => response.end(Buffer.alloc(5_000_000)));
    const mine = new Error("no room");
    const receive = async (_: unknown, chunks: AsyncIterable<Uint8Array>): Promise<void> => {
      for await (const chunk of chunks) if (chunk.length > 0) throw mine;
    };
    expect(await failure(transportTo(server).request("GET", "/", { receive }))).toBe(mine);
    expect(server.seen).toHaveLength(1);
  });

  it("can be given up and closed; both end what is under way", async () => {
    const server = await serve((request) => void request.resume());
    const transport = transportTo(server);
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 50);
    const aborted = await failure(transport.json("GET", "/", { signal: controller.signal }));
    expect(aborted).toMatchObject({ status: 0, code: "ABORTED", transient: true });
    expect(await failure(transport.json("GET", "/", { signal: AbortSignal.abort() }))).toMatchObject({
      code: "ABORTED",
    });
    setTimeout(() => transport.close(), 50);
    expect(await failure(transport.json("GET", "/"))).toMatchObject({ status: 0, code: "CLOSED" });
    expect(await failure(transport.json("GET", "/"))).toMatchObject({ code: "CLOSED" });
    expect(server.seen).toHaveLength(2);
  });

  it("says in words why nobody answers", async () => {
    const error = await failure(transportTo({ uri: "http://127.0.0.1:9/prefix/" }).json("GET", "/x"));
    expect(error.message).toBe("GET http://127.0.0.1:9/prefix/x: ECONNREFUSED (nothing listens there)");
  });
});
