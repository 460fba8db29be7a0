import { existsSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { resultsFolder } from "../../src/suite/runRecord.js";
import { type Ended, json, readJson, Workplace } from "./commandLine.js";

interface Run {
  runId: string;
  state: string;
  metrics: Record<string, number | null>;
  folder: string;
  [field: string]: unknown;
}
interface Stored {
  result: { history: { metrics: Record<string, number> }[]; testOpenings: { purpose: string }[]; seconds: number };
}

const ID = "supcon-sprs/table3";
/** Results of the same entry that came with the code stand beside the test's own runs. */
const committed = readdirSync(resultsFolder("supcon-sprs")).filter((name) =>
  name.startsWith(`${ID.replace("/", "-")}_`),
);
const committedOfRow = committed.filter((name) => name.includes("_resnet-18_"));
const SMOKE = ["run", ID, "--row", "ResNet 18", "--task", "11", "--profile", "smoke", "--json"];

describe("the whole path on made-up sounds", () => {
  let place: Workplace;
  let honest: Run;
  let published: Run;

  const run = async (args: string[], options?: Parameters<Workplace["auscult"]>[1]) => {
    const ended = await place.auscult([...SMOKE, ...args], options);
    expect(ended.stderr + ended.stdout, `exit code ${ended.code}`).toSatisfy(() => ended.code === 0);
    const { runs } = json<{ runs: Run[] }>(ended);
    return { ended, runs, first: runs[0]! };
  };
  const stored = ({ folder }: Run) => readJson<Stored>(path.join(folder, "result.json"));

  beforeAll(async () => {
    place = new Workplace();
    const written = await place.auscult(["data", "demo", place.at("data"), "--json"]);
    expect(json<{ madeUp: boolean }>(written).madeUp).toBe(true);
    const both = await run(["--protocol", "honest", "--protocol", "published"]);
    [honest, published] = both.runs as [Run, Run];
  }, 300_000);
  afterAll(() => {
    place.remove();
  });

  test("data check finds nothing wrong with the made-up set", async () => {
    const ended = await place.auscult(["data", "check", "sprsound", "--json"]);
    expect(ended.code).toBe(0);
    const { problems, recordings, patients, events } = json<Record<string, unknown[]>>(ended);
    expect((problems as { severity: string }[]).filter(({ severity }) => severity === "error")).toEqual([]);
    for (const count of [recordings, patients, events]) expect(count).toBeGreaterThan(0);
  });

  test("a run ends with every metric of its sets, though nothing listens at the tracking address", () => {
    for (const [one, protocol] of [
      [honest, "honest"],
      [published, "published"],
    ] as const) {
      expect(one).toMatchObject({ state: "done", row: "ResNet 18", task: "11", seed: 0, protocol, madeUp: true });
      expect(one.signature).toMatch(/^[0-9a-f]{16}$/);
      expect(one.seconds).toBeGreaterThan(0);
      expect(one.reduced).toContain("reduced budget");
      for (const set of ["inter", "intra", "mean"]) {
        const [se, sp, as, hs, score] = ["se", "sp", "as", "hs", "score"].map((key) => one.metrics[`${set}/${key}`]!);
        // The definitions of the challenge, but for HS of a mean, which is the mean of the sets' HS.
        expect(as).toBeCloseTo((se! + sp!) / 2, 12);
        expect(score).toBeCloseTo((as! + hs!) / 2, 12);
        for (const value of [se, sp, as, hs, score]) expect(value).toSatisfy((v: number) => v >= 0 && v <= 1);
      }
      expect(one.metrics["mean/score"]).toBeCloseTo(
        (one.metrics["inter/score"]! + one.metrics["intra/score"]!) / 2,
        12,
      );
      for (const file of ["MLmodel", "model.json", "weights.safetensors", "preprocessing.json"])
        expect(existsSync(path.join(one.folder, "model", file)), file).toBe(true);
      expect(readdirSync(path.join(one.folder, "figures")).some((name) => name.endsWith(".svg"))).toBe(true);
    }
  });

  test("honest keeps the test sets closed until the end, published looks after each epoch", () => {
    const keysOf = (one: Run) => stored(one).result.history.flatMap(({ metrics }) => Object.keys(metrics));
    expect(keysOf(honest).filter((key) => key.startsWith("test"))).toEqual([]);
    expect(keysOf(honest)).toContain("select/score");
    expect(keysOf(published)).toContain("test/inter/score");
    expect(stored(honest).result.testOpenings).toHaveLength(2);
    expect(stored(published).result.testOpenings).toHaveLength(2 * 2 + 2);
    // What would be sent to the tracker is held to the same rule.
    const spool = readFileSync(path.join(honest.folder, "tracking", "spool.jsonl"), "utf8");
    expect(spool).toContain("select/score");
    expect(spool).not.toMatch(/"test\//);
  });

  test("the leak of published's random items is said in the run, its record, its tags and the report; honest has none", async () => {
    const leak = /^Selection leak: \d+ of the \d+ patients of select are also in train/;
    expect((published.leaks as string[])[0]).toMatch(leak);
    expect(honest.leaks).toEqual([]);
    const split = (one: Run) => readJson<{ split: object }>(path.join(one.folder, "result.json")).split;
    expect(split(published)).toMatchObject({ leaks: published.leaks, seed: 0 });
    expect(split(honest)).toMatchObject({ leaks: [] });
    const created = (one: Run) =>
      readFileSync(path.join(one.folder, "tracking", "spool.jsonl"), "utf8")
        .split("\n")
        .find((line) => line.includes('"kind":"create"'))!;
    expect(created(published)).toContain('"leaks":"Selection leak: ');
    expect(created(published)).toContain('"splitSeed":"0"');
    expect(created(honest)).toContain('"leaks":"none"');
    const { cells } = json<{ cells: { variant?: string; ours: object | null; caveats: { says: string }[] }[] }>(
      await place.auscult(["report", "--json"]),
    );
    const of = (words: string) => cells.find(({ variant, ours }) => variant?.includes(words) && ours !== null)!;
    expect(of("published, smoke").caveats[0]!.says).toMatch(leak);
    expect(of("honest, smoke").caveats).toEqual([]);
  });

  test("the same command again trains nothing and gives the same numbers", async () => {
    const { first, ended } = await run([]);
    expect(first.state).toBe("done before");
    expect(first.metrics).toEqual(honest.metrics);
    expect(ended.stderr).toContain("done before");
  });

  test("killed in the middle, stopped by Ctrl-C, and taken up again: the uninterrupted run's numbers, bit for bit", async () => {
    const protocol = ["--protocol", "published"];
    const env = { AUSCULT_MLRUNS: place.at("stopped") };
    const has = (file: string) => () =>
      place.runFolders(env.AUSCULT_MLRUNS).some((one) => existsSync(path.join(one, file)));
    const checkpointed = has("checkpoints/000001-000000/state.json");
    const done = has("done.json");

    const killed = await place.auscult([...SMOKE, ...protocol], {
      env,
      whileRunning: (child) => checkpointed() && child.kill("SIGKILL"),
    });
    expect(killed.signal).toBe("SIGKILL");
    expect(killed.stdout).toBe("");
    expect(done()).toBe(false);

    let said = "";
    const stopped = await place.auscult([...SMOKE, ...protocol], {
      env,
      whileRunning: (child) => {
        if (said === "") child.stderr!.on("data", (text: string) => { said += text; }); // biome-ignore format: one line
        said += " ";
        return said.includes("training") && child.kill("SIGINT");
      },
    });
    expect(stopped.stderr).toContain("What was done is saved; the same command goes on from there");
    expect(stopped.code).toBe(130);
    expect(stopped.stdout).toBe("");
    expect(done()).toBe(false);

    const { first } = await run(protocol, { env });
    expect(first.state).toBe("done");
    expect(first.metrics).toEqual(published.metrics);
    const history = (one: Run) => stored(one).result.history.map(({ metrics }) => metrics);
    expect(history(first)).toEqual(history(published));
    // Each look at a test set counts, those before the kill too.
    const purposes = stored(first).result.testOpenings.map(({ purpose }) => purpose);
    for (const epoch of [1, 2]) expect(purposes).toContain(`epoch ${epoch}, as published`);
    const weights = (one: Run) => readFileSync(path.join(one.folder, "model", "weights.safetensors"));
    expect(weights(first).equals(weights(published))).toBe(true);
  }, 180_000);

  test("report, list, show and doctor as JSON", async () => {
    const [report, list, show, doctor] = (await Promise.all(
      [["report"], ["list"], ["show", ID], ["doctor"]].map((args) => place.auscult([...args, "--json"])),
    )) as [Ended, Ended, Ended, Ended];
    expect([report, list, show, doctor].map(({ code }) => code)).toEqual([0, 0, 0, 0]);
    const { cells } = json<{ cells: { id: string; variant?: string; column: string; printed: number; ours: { mean: number } | null; verdict: string; why: string }[] }>(report); // biome-ignore format: one line
    const cell = cells.find(
      ({ variant, column, ours }) => variant?.includes("honest, smoke") && column === "Task 1-1" && ours,
    )!;
    expect(cell).toMatchObject({ printed: 0.708, verdict: "not comparable" });
    expect(cell.ours!.mean).toBe(honest.metrics["mean/score"]);
    for (const words of ["made-up sounds", "other test set", "reduced budget"]) expect(cell.why).toContain(words);
    expect(
      cells.filter(({ id, why }) => id.startsWith("respirenet/readme-extra") && why === "not built yet"),
    ).not.toHaveLength(0);
    const entry = json<{ id: string; state: string; rows: object[] }[]>(list).find(({ id }) => id === ID)!;
    expect(entry).toMatchObject({ state: "has runs" });
    expect(entry.rows).toContainEqual(expect.objectContaining({ name: "ResNet 18", runs: 2 + committedOfRow.length }));
    expect(json<{ runs: object[] }>(show).runs).toHaveLength(2 + committed.length);
    expect(json(doctor)).toMatchObject({
      engine: { device: "cpu" },
      data: { icbhi: expect.stringContaining("made-up sounds"), sprsound: expect.stringContaining("made-up sounds") },
      tracking: { running: false },
    });
  });

  test("the report page stands alone", async () => {
    const { code } = await place.auscult(["report", ID, "--out", place.at("page.html")]);
    expect(code).toBe(0);
    const page = readFileSync(place.at("page.html"), "utf8");
    expect(page).toContain("<svg");
    expect(page).toContain("made-up");
    expect(page.replace(/<script>.*?<\/script>/gs, "")).not.toMatch(
      /(src|href)="?(https?:)?\/\/(?!127\.0\.0\.1)|@import|<link/,
    );
  });

  test("numbers of made-up sounds are not exported", async () => {
    const { code, stderr } = await place.auscult(["results", "export"]);
    expect(code).toBe(2);
    expect(stderr).toContain("no finished run on recordings");
  });

  describe("wrong usage and bad input end with code 2 and say what is wrong", () => {
    const spoil = (name: string, change: (training: string) => void) => () => {
      const data = place.copyOfData(name);
      change(path.join(data, "sprsound", "BioCAS2022"));
      return ["--data", data];
    };
    const firstIn = (folder: string) => path.join(folder, readdirSync(folder).sort()[0]!);
    const empty = () => {
      mkdirSync(place.at("empty"));
      return ["--data", place.at("empty")];
    };

    test.each<[string, () => string[], string[]]>([
      ["an unknown experiment", () => ["run", "supcon-sprs/table4"], ["supcon-sprs/table4", "did you mean ", '"supcon-sprs/table3"']],
      ["an unknown row", () => [...SMOKE, "--row", "ResNet 8"], ['--row "ResNet 8"', '"ResNet 18"']],
      ["a row that is not built", () => ["run", "respirenet/readme-extra", "--row", "CNN + VGGish"], ["CNN + VGGish", "not built yet", "CNN + Mixup"]],
      ["a tuned row without its search", () => ["run", ID, "--row", "ResNet 18 + SupCon + MixUp + Tune", "--task", "11", "--profile", "smoke"], ["run supcon-sprs/tune --row SupCon --task 11", "--profile smoke"]],
      ["an unknown task", () => ["run", ID, "--task", "13"], ["--task 13", "11, 12, 21, 22"]],
      ["an unknown profile", () => ["run", ID, "--profile", "huge"], ["huge", "smoke, quick, full"]],
      ["an unknown protocol", () => ["run", ID, "--protocol", "open"], ["--protocol open", "published or honest"]],
      ["a wrong seed", () => ["run", ID, "--seed", "-1"], ["--seed -1", "whole number"]],
      ["an unknown option", () => ["run", ID, "--tsak", "11"], ["--tsak", "--task"]],
      ["an unknown command", () => ["rnu"], ["rnu", "run"]],
      ["an unknown data set", () => ["data", "check", "sprsond"], ["sprsond", "sprsound"]],
      ["a data folder that is not there", () => [...SMOKE, "--data", place.at("none")], ["none (there is no such folder)", "train2022_json"]], 
      ["an empty data folder", () => [...SMOKE, ...empty()], ["empty (the folder is empty)"]],
      ["a broken annotation", () => [...SMOKE, ...spoil("json", (set) => writeFileSync(firstIn(path.join(set, "train2022_json")), '{"record_annotation": '))()], ["train2022_json/", ".json", "JSON"]],
      ["broken recordings", () => [...SMOKE, ...spoil("wav", (set) => { const folder = path.join(set, "train2022_wav"); for (const name of readdirSync(folder)) truncateSync(path.join(folder, name), 20); })()], [".wav"]],
    ])("%s", async (_, args, words) => {
      const ended = await place.auscult(args());
      expect(ended.code, ended.stderr).toBe(2);
      for (const word of words) expect(ended.stderr).toContain(word);
      expect(ended.stderr).not.toMatch(/^ +at .*:\d+:\d+/m);
    }); // biome-ignore format: a table
  });

  test("help ends with code 0 and shows an example", async () => {
    for (const args of [["--help"], ["run", "--help"]]) {
      const { code, stdout } = await place.auscult(args);
      expect(code).toBe(0);
      expect(stdout).toMatch(/Examples?:\n +npx auscult/);
    }
  });
});
