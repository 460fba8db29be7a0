import { describe, expect, it } from "vitest";
import { scratch, setup } from "./scripts.js";

describe("room on the disk", () => {
  it("is asked for before a download, with both sizes and what to do", async () => {
    const { needSpace } = await setup("common");
    const folder = scratch();
    expect(() => needSpace(folder, 1200, "TensorFlow's library", () => 1200)).not.toThrow();
    expect(() => needSpace(folder, 1200, "TensorFlow's library", () => 300)).toThrow(
      `TensorFlow's library needs 1200 MB in ${folder}, where 300 MB are free. Make room there, or `,
    );
  });
});

/** Outputs as npm 11.19, pip 24.0 and uv 0.13.9 gave them. */
describe("what a failed program said", () => {
  it("npm without a network", async () => {
    const output = [
      "npm error code ECONNREFUSED",
      "npm error syscall connect",
      "npm error FetchError: request to http://127.0.0.1:9/tsx failed, reason: connect ECONNREFUSED 127.0.0.1:9",
      "npm error A complete log of this run can be found in: /x/_logs/debug-0.log",
    ].join("\n");
    const { lines, what } = (await setup("child")).explain(output);
    expect(what).toMatch(/^The package registry cannot be reached\. .*run the same command again\.$/);
    expect(lines).toEqual([
      "FetchError: request to http://127.0.0.1:9/tsx failed, reason: connect ECONNREFUSED 127.0.0.1:9",
    ]);
  });

  it("npm with a lock file that does not fit: without the list of its options", async () => {
    const output = [
      "npm error code EUSAGE",
      "npm error",
      "npm error Missing: x@1 from lock file",
      "npm error",
      "npm error Clean install a project",
      "npm error   --install-strategy",
    ].join("\n");
    const { lines } = (await setup("child")).explain(output, "hint");
    expect(lines).toEqual(["code EUSAGE", "Missing: x@1 from lock file"]);
  });

  it("pip on a full disk", async () => {
    const { what } = (await setup("child")).explain(
      "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
      "hint",
    );
    expect(what).toMatch(/^The disk is full\. Make room/);
  });

  it("anything else: its own hint", async () => {
    const { lines, what } = (await setup("child")).explain("a\nb\n", "The compiler must know C++17.");
    expect({ lines, what }).toEqual({ lines: ["a", "b"], what: "The compiler must know C++17." });
  });
});
