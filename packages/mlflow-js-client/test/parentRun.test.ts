import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MlflowClient } from "../src/client.js";
import { parentTag } from "../src/parentRun.js";
import { Sender, type SendResult } from "../src/sender.js";
import { Spool } from "../src/spool.js";
import { type FaultyProxy, mlflowProgram, startProxy, startServer, temporaryFolder } from "./support.js";

const program = mlflowProgram();
const reason = program ? "" : " (skipped: no mlflow program in AUSCULT_VENV or .venv)";

describe.skipIf(!program)(`runs that stand under one${reason}`, () => {
  const place = temporaryFolder();
  let server: Awaited<ReturnType<typeof startServer>>;
  let proxy: FaultyProxy;
  let client: MlflowClient;
  let slow: MlflowClient;

  beforeAll(async () => {
    server = await startServer(place.folder);
    proxy = await startProxy(server.uri);
    client = new MlflowClient({ uri: server.uri });
    slow = new MlflowClient({ uri: proxy.uri });
  });
  afterAll(async () => {
    await proxy?.close();
    await server?.stop();
    place.remove();
  });

  function child(name: string, key: string): { folder: string; spool: Spool } {
    const folder = path.join(place.folder, "runs", name, "tracking");
    const spool = new Spool(folder);
    const parent = { key, name: `parent ${key}`, tags: { row: "r" } };
    spool.append({ kind: "create", time: Date.now(), key: `key-${name}`, experiment: "e", name, tags: {}, parent });
    return { folder, spool };
  }
  const end = (spool: Spool, status: "FINISHED" | "FAILED"): void => {
    spool.append({ kind: "end", time: Date.now(), status });
    spool.close();
  };
  const send = (folder: string, through = client, lockFolder?: string): Promise<SendResult> =>
    new Sender({ folder, client: through, server: "s", lockFolder }).send();
  async function family(experimentId: string, key: string): Promise<unknown[]> {
    const runs = await client.searchRuns({ experimentIds: [experimentId] });
    const parents = runs.filter((run) => run.info.run_name === `parent ${key}`);
    return parents.map((parent) => {
      const children = runs.filter((run) =>
        run.data.tags?.some((tag) => tag.key === parentTag && tag.value === parent.info.run_id),
      );
      return [parent.info.status, ...children.map((run) => run.info.run_name).sort()];
    });
  }

  it("two machines that make one at the same time end with one, and with both children under it", async () => {
    const one = child("one", "both");
    const two = child("two", "both");
    // The first has looked and found none; before its request is heard, the second has done all of its own.
    let isHeld = (): void => {};
    const held = new Promise<void>((resolve) => {
      isHeld = resolve;
    });
    let creations = 0;
    proxy.fault = (where) => {
      if (!where.endsWith("/runs/create") || ++creations > 1) return "pass";
      isHeld();
      return { delayMs: 3000 };
    };
    const first = send(one.folder, slow);
    await held;
    const second = await send(two.folder);
    expect(second.problem).toBeUndefined();
    expect(await family(second.experimentId!, "both")).toEqual([["RUNNING", "two"]]);
    expect((await first).problem).toBeUndefined();
    expect(await family(second.experimentId!, "both")).toEqual([["RUNNING", "one", "two"]]);
    // The second still knows the parent that is gone.
    end(one.spool, "FINISHED");
    await send(one.folder, slow);
    end(two.spool, "FAILED");
    expect((await send(two.folder)).problem).toBeUndefined();
    expect(await family(second.experimentId!, "both")).toEqual([["FAILED", "one", "two"]]);
  });

  it("eight children that end at once leave no parent that runs", async () => {
    const children = Array.from({ length: 8 }, (_, index) => child(`of eight ${index}`, "eight"));
    const lockFolder = path.join(place.folder, "locks");
    for (const { folder } of children) await send(folder, client, lockFolder);
    for (const { spool } of children) end(spool, "FINISHED");
    const results = await Promise.all(children.map(({ folder }) => send(folder, client, lockFolder)));
    expect(results.map(({ problem }) => problem)).toEqual(children.map(() => undefined));
    const [parent] = (await family(results[0]!.experimentId!, "eight")) as string[][];
    expect(parent).toHaveLength(9);
    expect(parent![0]).toBe("FINISHED");
  });

  it("a parent that a person has deleted holds up no child that runs", async () => {
    const { folder, spool } = child("orphan", "deleted");
    const { experimentId } = await send(folder);
    const [parent] = await client.searchRuns({ experimentIds: [experimentId!], filter: "run_name = 'parent deleted'" });
    await client.deleteRun(parent!.info.run_id);
    spool.append({ kind: "metrics", time: 1, step: 1, values: { m: 1 } });
    end(spool, "FINISHED");
    const { runId, pending, problem } = await send(folder);
    expect({ pending, problem }).toEqual({ pending: 0, problem: undefined });
    expect((await client.getRun(runId!)).info.status).toBe("FINISHED");
  });
});
