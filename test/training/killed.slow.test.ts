import { mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { Streams } from "../../src/random/streams.js";
import { digestOf, type KillMoment, sit, writeInputs } from "./killing.js";

const MOMENTS: KillMoment[] = [
  ...Array<KillMoment>(4).fill("any time"),
  ...Array<KillMoment>(3).fill("between steps"),
  ...Array<KillMoment>(3).fill("half a checkpoint"),
];

const place = mkdtempSync(path.join(tmpdir(), "auscult-killed-"));
const inputs = path.join(place, "inputs.f32");
const sounds = writeInputs(inputs);

test.each([
  ["adam", true],
  ["adam", false],
  ["sgd", true],
  ["sgd", false],
] as const)(
  `${sounds}: killed ten times at random moments, %s, moving average %s: the bits of a run never killed`,
  async (optimizer, average) => {
    const name = `${optimizer}-${average}`;
    const task = { inputs, optimizer, average, epochs: 20, checkpointEverySeconds: 0.1, stepMs: 8 };
    const never = { ...task, folder: path.join(place, `${name}-never`), checkpointEverySeconds: 60, syncMs: 0 };
    const wanted = digestOf(await sit(never));
    const killed = { ...task, folder: path.join(place, name), syncMs: 25 };
    const rng = new Streams(average ? 1 : 2).stream(optimizer);
    const left: string[] = [];
    for (const moment of rng.shuffle(MOMENTS)) {
      const sitting = await sit(killed, { moment, rng });
      expect(sitting, moment).toMatchObject({ signal: "SIGKILL" });
      expect(sitting.output).not.toContain("warning");
      left.push(readdirSync(killed.folder).sort().join(" "));
    }
    expect(digestOf(await sit(killed))).toBe(wanted);
    // Kills came in the middle of an epoch and of a checkpoint.
    expect(left.filter((names) => /-0000(?!00)\d\d( \S*\.tmp)?$/.test(names)).length).toBeGreaterThan(0);
    expect(left.filter((names) => names.includes(".tmp")).length).toBeGreaterThan(0);
  },
  300_000,
);
