import { existsSync, readFileSync, renameSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { smallDisk } from "../training/smallDisk.js";
import { type Ended, json, readJson, Workplace } from "./commandLine.js";

interface Run {
  metrics: Record<string, number | null>;
  folder: string;
}

const SMOKE = ["run", "supcon-sprs/table3", "--row", "CNN", "--task", "11", "--profile", "smoke", "--json"];

describe("a run that was begun with one thread", () => {
  let place: Workplace;
  let whole: Run;
  beforeAll(async () => {
    // Where the variable is set already, a run may have to be carried out in a process of its own.
    place = new Workplace({ TF_NUM_INTRAOP_THREADS: undefined });
    expect((await place.auscult(["data", "demo", place.at("data")])).code).toBe(0);
    const ended = await place.auscult([...SMOKE, "--threads", "1"]);
    expect(ended.code, ended.stderr).toBe(0);
    whole = json<{ runs: Run[] }>(ended).runs[0]!;
  }, 300_000);
  afterAll(() => place.remove());

  const weightsOf = ({ folder }: Run) => readFileSync(path.join(folder, "model", "weights.safetensors"));
  /** Signals when the words have been said, one after the other. */
  const signalAt = (words: readonly string[], signal: NodeJS.Signals) => {
    let said: string | undefined;
    return (child: Parameters<NonNullable<NonNullable<Parameters<Workplace["auscult"]>[1]>["whileRunning"]>>[0]) => {
      if (said === undefined) {
        said = "";
        child.stderr!.on("data", (text: string) => {
          said += text;
        });
      }
      const after = words.reduce((at, one) => (at < 0 ? at : said!.indexOf(one, at)), 0);
      return after >= 0 && child.kill(signal);
    };
  };

  test("keeps it: killed, stopped in a process of its own, taken up, it equals the one never stopped", async () => {
    const env = { AUSCULT_MLRUNS: place.at("stopped") };
    const two = { ...env, TF_NUM_INTRAOP_THREADS: "2" };
    const killed = await place.auscult([...SMOKE, "--threads", "1"], {
      env,
      whileRunning: signalAt(["loss "], "SIGKILL"),
    });
    expect(killed.signal).toBe("SIGKILL");

    const stopped = await place.auscult(SMOKE, {
      env: two,
      whileRunning: signalAt(["run 1 of 1", "training  "], "SIGTERM"),
    });
    expect(stopped.stderr).toContain("What was done is saved; the same command goes on from there");
    expect(stopped.code).toBe(130);

    const done = await place.auscult([...SMOKE, "--threads", "2"], { env: two });
    expect(done.code, done.stderr).toBe(0);
    expect(done.stderr).toContain("begun with 1 threads, it keeps them");
    const run = json<{ runs: Run[] }>(done).runs[0]!;
    expect(run.metrics).toEqual(whole.metrics);
    expect(weightsOf(run).equals(weightsOf(whole))).toBe(true);
    const record = readJson<{ threads: number; result: object }>(path.join(run.folder, "result.json"));
    expect(record.threads).toBe(1);
    expect(record.result).not.toHaveProperty("changes");
  }, 300_000);

  test("is not taken up as another one: its folder in the place of the authors' preset", async () => {
    const env = { AUSCULT_MLRUNS: place.at("moved") };
    const begin = (args: string[]) =>
      place.auscult([...SMOKE, ...args], { env, whileRunning: signalAt(["loss "], "SIGTERM") });
    expect((await begin([])).code).toBe(130);
    const [paper] = place.runFolders(env.AUSCULT_MLRUNS);
    const begun = await begin(["--preset", "authors"]);
    expect(begun.code).toBe(130);
    expect(begun.stderr).toContain(`this is a new run; it does not go on with ${path.basename(paper!)}`);
    expect(begun.stderr).toContain("preset was paper, is authors");
    const authors = place.runFolders(env.AUSCULT_MLRUNS).find((folder) => folder !== paper)!;

    // All of the folder, then its checkpoints alone.
    renameSync(authors, place.at("aside"));
    renameSync(paper!, authors);
    const refused = await place.auscult([...SMOKE, "--preset", "authors"], { env });
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(/belongs to another run: .*preset was paper, is authors/);
    renameSync(authors, paper!);
    renameSync(place.at("aside"), authors);
    renameSync(path.join(authors, "checkpoints"), place.at("aside"));
    renameSync(path.join(paper!, "checkpoints"), path.join(authors, "checkpoints"));
    const again = await place.auscult([...SMOKE, "--preset", "authors"], { env });
    expect(again.code).toBe(2);
    expect(again.stderr).toMatch(/checkpoints\/\d{6}-\d{6} belongs to another run: .*preset was paper, is authors/);
  }, 300_000);

  test("fails loudly where the disk takes no checkpoint, with code 1", async ({ skip }) => {
    // Half of the first checkpoint, of 134 MB.
    const disk = smallDisk(70_000);
    if (!disk) return skip("no small file system can be mounted");
    const ended: Ended = await place.auscult(SMOKE, { env: { AUSCULT_MLRUNS: disk.folder } });
    expect(ended.code, ended.stderr).toBe(1);
    expect(ended.stderr).toContain(
      "the checkpoint could not be written; the disk is full: make room, then start again",
    );
    const [folder] = place.runFolders(disk.folder);
    expect(existsSync(path.join(folder!, "checkpoints", "000000-000000.tmp"))).toBe(false);
  }, 120_000);
});
