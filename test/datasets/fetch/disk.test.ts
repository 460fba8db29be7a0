import { openSync, writeSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { diskFailure } from "../../../src/datasets/fetch/failures.js";
import { needSpace } from "../../../src/datasets/fetch/needSpace.js";
import { temporaryFolder } from "../sprsound/layoutFixture.js";

describe("a full disk", () => {
  it("is said before the work begins, with what is needed", async () => {
    const folder = temporaryFolder();
    await needSpace(folder, 1, "unpacking");
    await expect(needSpace(folder, 1e18, "unpacking")).rejects.toThrow(
      new RegExp(`^unpacking needs about 1000000000.0 GB in ${folder}, [0-9.]+ GB are free. Free some space`),
    );
    await expect(needSpace(folder, 1e18, "unpacking")).rejects.toMatchObject({ exitCode: 1 });
  });

  it.skipIf(process.platform !== "linux")("in the middle of it is told in words; other errors stay as they are", () => {
    let failure: unknown;
    try {
      // Linux's own device that is always full.
      writeSync(openSync("/dev/full", "w"), "x");
    } catch (error) {
      failure = error;
    }
    expect(diskFailure(failure, "/data")).toMatchObject({
      message: expect.stringMatching(/^the disk of \/data is full; .*it goes on from there$/),
      exitCode: 1,
    });
    expect(diskFailure(Object.assign(new Error("x"), { code: "EROFS" }), "/data")).toMatchObject({
      message: "/data cannot be written to (EROFS)",
    });
    const other = new Error("other");
    expect(diskFailure(other, "/data")).toBe(other);
  });
});
