import { mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { Streams } from "../../src/random/streams.js";
import { digestOf, sit, writeInputs } from "./killing.js";

/** The quick form of killed.slow.test.ts. */
test("killed between steps and in the middle of a checkpoint, a run ends with the bits of one never killed", async () => {
  const place = mkdtempSync(path.join(tmpdir(), "auscult-killed-"));
  const inputs = path.join(place, "inputs.f32");
  writeInputs(inputs);
  const task = {
    inputs,
    optimizer: "adam",
    average: true,
    epochs: 4,
    checkpointEverySeconds: 0.05,
    stepMs: 5,
  } as const;
  const never = sit({ ...task, folder: path.join(place, "never"), checkpointEverySeconds: 60, syncMs: 0 });
  const killed = { ...task, folder: path.join(place, "killed"), syncMs: 25 };
  const rng = new Streams(2).stream("kills");
  for (const moment of ["half a checkpoint", "between steps"] as const)
    expect(await sit(killed, { moment, rng })).toMatchObject({ signal: "SIGKILL" });
  expect(readdirSync(killed.folder).length).toBeGreaterThan(0);
  const last = await sit(killed);
  expect(digestOf(last)).toBe(digestOf(await never));
  expect(last.output).not.toContain("warning");
  expect(readdirSync(killed.folder)).toHaveLength(2);
});
