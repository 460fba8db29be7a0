import { describe, expect, it } from "vitest";
import { contest } from "../../src/bench/contest.js";
import { Contestant } from "../../src/bench/contestant.js";

/** A contestant of which the k-th step so far costs `scale * k` seconds, by its own account. */
const counting = (name: string, scale: number) =>
  new Contestant(name, {
    program: process.execPath,
    args: [
      "-e",
      `let k = 0;
       console.log(JSON.stringify({ ready: true, name: ${JSON.stringify(name)} }));
       require("readline").createInterface({ input: process.stdin }).on("line", (line) => {
         if (line === "quit") process.exit(0);
         const seconds = Array.from({ length: Number(line) }, () => ${scale} * ++k);
         console.log(JSON.stringify({ seconds, loss: k, cpuSeconds: 2 * k, peakMb: 100 + k }));
       });`,
    ],
  });

const never = new AbortController().signal;

describe("contest", () => {
  it("lets all take turns and keeps the median of each round", async () => {
    const contestants = [counting("a", 1), counting("b", 10)];
    try {
      expect(await contestants[0]!.ready()).toMatchObject({ name: "a" });
      await contestants[1]!.ready();
      const rounds: number[] = [];
      const standings = await contest(contestants, {
        rounds: 3,
        stepsPerRound: 3,
        signal: never,
        onRound: (done) => rounds.push(done),
      });
      expect(rounds).toEqual([1, 2, 3]);
      // Steps 1 to 3, 4 to 6, 7 to 9; CPU 6, 12, 18 in all of three steps.
      expect(standings).toEqual([
        { name: "a", seconds: [2, 5, 8], cpuSeconds: 4, peakMb: 109, parts: [] },
        { name: "b", seconds: [20, 50, 80], cpuSeconds: 4, peakMb: 109, parts: [] },
      ]);
    } finally {
      await Promise.all(contestants.map((contestant) => contestant.close()));
    }
  });

  it("stops between turns", async () => {
    const contestant = counting("a", 1);
    await contestant.ready();
    const stop = new AbortController();
    const work = contest([contestant], {
      rounds: 99,
      stepsPerRound: 1,
      signal: stop.signal,
      onRound: () => stop.abort(),
    });
    await expect(work).rejects.toThrow("aborted");
    await contestant.close();
  });

  it("says why a contestant ended", async () => {
    const broken = new Contestant("PyTorch", {
      program: process.execPath,
      args: ["-e", "throw new Error('no torch here')"],
    });
    await expect(broken.ready()).rejects.toThrow(/PyTorch ended: [\s\S]*no torch here/);
    const absent = new Contestant("PyTorch", { program: "/nowhere/python", args: [] });
    await expect(absent.ready()).rejects.toThrow("/nowhere/python");
  });
});
