import { spawn } from "node:child_process";
import path from "node:path";
import { expect, test } from "vitest";
import { projectRoot } from "../../src/node/paths.js";

/** A process that waits for its signal; when it comes, it takes three seconds to end. */
const PROGRAM = `
  import { stopSignal } from ${JSON.stringify(path.join(projectRoot(), "src/cli/stopSignal.ts"))};
  stopSignal().addEventListener("abort", () => {
    clearInterval(waiting);
    console.log("stopping");
    setTimeout(() => process.exit(0), 3000);
  });
  const waiting = setInterval(() => {}, 1000);
  console.log("ready");
`;

/** Sends each signal the given milliseconds after the process has become ready. */
function ended(...signals: [NodeJS.Signals, number][]): Promise<{ code: number | null; output: string }> {
  const args = ["--import", "tsx", "--input-type=module", "-e", PROGRAM];
  const child = spawn(process.execPath, args, { cwd: projectRoot(), stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
    if (text.includes("ready")) for (const [name, ms] of signals) setTimeout(() => child.kill(name), ms);
  });
  return new Promise((resolve) => child.once("close", (code) => resolve({ code, output })));
}

test("the first asks to stop, a second Ctrl-C ends at once with 130", async () => {
  expect(await ended(["SIGINT", 0], ["SIGINT", 1000])).toMatchObject({ code: 130, output: "ready\nstopping\n" });
  expect(await ended(["SIGTERM", 0], ["SIGINT", 1000])).toMatchObject({ code: 130 });
});

test("an echo of the first does not, nor does SIGTERM again", async () => {
  expect(await ended(["SIGINT", 0], ["SIGINT", 50])).toMatchObject({ code: 0 });
  expect(await ended(["SIGTERM", 0], ["SIGTERM", 1000])).toMatchObject({ code: 0 });
});
