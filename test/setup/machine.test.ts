import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { program, scratch, setup, setupUrl } from "./scripts.js";

describe("Node versions", () => {
  it.each(["20.19.0", "20.20.2", "22.12.0", "22.21.1"])("%s serves", async (version) => {
    expect((await setup("machine")).nodeProblem(version)).toBeUndefined();
  });
  it.each(["18.20.8", "20.18.3", "21.7.3", "22.11.0", "23.1.0", "24.4.0"])("%s does not", async (version) => {
    expect((await setup("machine")).nodeProblem(version)).toMatch(
      new RegExp(`^Node ${version}: .*Node 20 \\(20\\.19 or later\\) and Node 22 \\(22\\.12 or later\\)`),
    );
  });
});

describe("programs", () => {
  let bin: string;
  beforeEach(() => {
    bin = path.join(scratch(), "bin");
    program(bin, "g++", "exit 0");
    program(bin, "python3", 'case "$2" in *version_info*) echo 3.11;; esac');
    program(bin, "flock", "exit 0");
    program(bin, "npm", "exit 0");
  });
  afterEach(() => fs.rmSync(path.dirname(bin), { recursive: true, force: true }));

  /** What is missing where only `bin` is in PATH. */
  function missing(): string[] {
    const code = `const { missing } = await import(${JSON.stringify(setupUrl("machine"))}); console.log(JSON.stringify(missing()));`;
    const env = { PATH: bin, HOME: bin };
    const { stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", code], { env, encoding: "utf8" });
    return JSON.parse(stdout);
  }

  it("finds nothing missing where all is there", () => expect(missing()).toEqual([]));

  it("names all that is missing, each with its package", () => {
    for (const name of fs.readdirSync(bin)) fs.rmSync(path.join(bin, name));
    expect(missing()).toEqual([
      expect.stringMatching(/^no C\+\+ compiler .*apt-get install g\+\+/),
      expect.stringMatching(/^no Python .*3\.10 or later .*apt-get install python3 python3-venv/),
      expect.stringMatching(/^no flock .*util-linux/),
      expect.stringMatching(/^no npm/),
    ]);
  });

  it("tells an old Python from none", () => {
    program(bin, "python3", "echo 3.9");
    expect(missing()).toEqual([expect.stringMatching(/^Python 3\.9 .*need 3\.10 or later/)]);
  });

  it("tells a Python without venv", () => {
    program(bin, "python3", 'case "$2" in *version_info*) echo 3.12;; *) exit 1;; esac');
    expect(missing()).toEqual([
      expect.stringMatching(/^Python 3\.12 without its venv module .*apt-get install python3-venv/),
    ]);
  });

  it("sets nothing up and says so in one message", () => {
    const code = `const { requireMachine } = await import(${JSON.stringify(setupUrl("machine"))}); try { requireMachine(); } catch (e) { console.log(e.message); }`;
    fs.rmSync(path.join(bin, "g++"));
    fs.rmSync(path.join(bin, "python3"));
    const env = { PATH: bin, HOME: bin };
    const { stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", code], { env, encoding: "utf8" });
    expect(stdout.trim().split("\n")).toEqual([
      "this machine lacks what set-up needs:",
      expect.stringContaining("- no C++ compiler"),
      expect.stringContaining("- no Python"),
    ]);
  });
});
