import { execFileSync } from "node:child_process";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { projectRoot } from "../../src/node/paths.js";

test("the command line is there without the engine, which reads its number of threads once, when it is loaded", () => {
  const main = pathToFileURL(path.join(projectRoot(), "src/cli/main.ts")).href;
  const program = `await import(${JSON.stringify(main)}); console.log("threads", process.env.TF_NUM_INTRAOP_THREADS);`;
  const output = execFileSync(process.execPath, ["--import", "tsx", "--input-type=module", "-e", program], {
    cwd: projectRoot(),
    encoding: "utf8",
    env: { ...process.env, TF_NUM_INTRAOP_THREADS: undefined },
  });
  expect(output).toBe("threads undefined\n");
});
