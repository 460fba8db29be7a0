import { execFileSync } from "node:child_process";
import { mkdtempSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { projectRoot } from "../../src/node/paths.js";

const program = `
  import { spawnSync } from "node:child_process";
  import { writeSync } from "node:fs";
  import { quietly } from "./src/node/quietly.ts";
  writeSync(2, "one ");
  const seven = quietly(() => { writeSync(2, "native noise"); return 7; });
  process.stderr.write("two " + seven);
  try { quietly(() => { throw new Error("three"); }); } catch (error) { process.stderr.write(" " + error.message); }
  spawnSync("sh", ["-c", "printf ' four' >&2"], { stdio: "inherit" });
`;

const args = ["--import", "tsx", "--input-type=module", "-e", program];
const newFile = () => path.join(mkdtempSync(path.join(tmpdir(), "auscult-quietly-")), "stderr");

describe("quietly", () => {
  it("throws away what is written to stderr meanwhile, and nothing else", () => {
    const file = newFile();
    writeFileSync(file, "before ");
    execFileSync(process.execPath, args, { cwd: projectRoot(), stdio: ["ignore", "ignore", openSync(file, "a")] });
    expect(readFileSync(file, "utf8")).toBe("before one two 7 three four");
  });

  it("leaves nothing out of a log that stdout and the shell's next command write to as well", () => {
    const file = newFile();
    const twice = `${program} process.stdout.write(" to stdout ");`;
    const shell = '{ "$0" --import tsx --input-type=module -e "$1"; printf after; } > "$2" 2>&1';
    execFileSync("sh", ["-c", shell, process.execPath, twice, file], { cwd: projectRoot() });
    expect(readFileSync(file, "utf8")).toBe("one native noisetwo 7 three four to stdout after");
  });
});
