import path from "node:path";
import { expect, it } from "vitest";
import { Contestant } from "../../src/bench/contestant.js";

const root = path.resolve(import.meta.dirname, "../..");

it("work that runs on its own is held up at the end of each turn", async () => {
  const program = `
    import { Turns } from "${root}/src/bench/turns.js";
    const turns = new Turns();
    let done = 0;
    while (turns.next({ loss: done, parts: { half: done / 2 } }, { of: "all" })) done += 10;
    process.exit(done === 20 ? 0 : 1);`;
  const contestant = new Contestant("a", {
    program: process.execPath,
    args: ["--import", "tsx", "--input-type=module", "-e", program],
  });
  try {
    expect(await contestant.ready()).toEqual({ ready: true, of: "all" });
    expect(await contestant.run(1)).toMatchObject({ loss: 10, parts: { half: 5 } });
    const second = await contestant.run(1);
    expect(second).toMatchObject({ loss: 20 });
    expect(second.seconds).toHaveLength(1);
    expect(second.peakMb).toBeGreaterThan(10);
  } finally {
    await contestant.close();
  }
});
