import path from "node:path";
import { expect, test } from "vitest";
import { projectRoot } from "../../src/node/paths.js";
import { EndedEarly, inChild } from "../../src/suite/childProcess.js";

const script = path.join(projectRoot(), "test", "suite", "childOfTest.ts");

/** How a child ends with its task; once it has told that it has it, `then` is called. */
async function ends(task: string, then = (_: { stop(): void; kill(): void }) => {}) {
  const [stop, kill] = [new AbortController(), new AbortController()];
  const reports: unknown[] = [];
  const onReport = (report: unknown) => {
    reports.push(report);
    then({ stop: () => stop.abort(), kill: () => kill.abort() });
  };
  const error = await inChild({ script, task, signal: stop.signal, kill: kill.signal, onReport }).catch(
    (e: Error) => e,
  );
  return { error, reports };
}

test("a child tells, fails with its parent's words, stops when asked, and its death is told", async () => {
  const [done, failed, stopped, killed, died] = await Promise.all([
    ends("do"),
    ends("fail"),
    ends("wait", ({ stop }) => stop()),
    ends("wait", ({ kill }) => kill()),
    ends("die"),
  ]);
  expect(done).toEqual({ error: undefined, reports: [{ got: "do", nothing: Number.NaN }] });
  expect(failed.error).toMatchObject({ name: "UserError", message: "give 4", exitCode: 2 });
  expect(stopped.error).toMatchObject({ name: "Interrupted", message: "stopped in the middle" });
  for (const { error } of [killed, died]) {
    expect(error).toBeInstanceOf(EndedEarly);
    expect(error).toMatchObject({ message: "SIGKILL" });
  }
});
