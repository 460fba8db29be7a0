import { afterEach, expect, test, vi } from "vitest";
import { roundsShown } from "../../src/cli/roundsShown.js";

afterEach(() => {
  vi.useRealTimers();
});

test("tells what is left of each network by its own rounds, from the second on", () => {
  vi.useFakeTimers({ toFake: ["performance"] });
  const shown: unknown[] = [];
  const show = roundsShown({ show: (report) => void shown.push(report) });
  const after = (seconds: number, ...round: [name: string, done: number, of: number]) => {
    vi.advanceTimersByTime(1000 * seconds);
    show(...round);
  };
  after(60, "small", 1, 3);
  after(2, "small", 2, 3);
  after(4, "small", 3, 3);
  after(300, "large", 1, 3);
  after(20, "large", 2, 3);
  expect(shown).toEqual([
    { phase: "small", fraction: 1 / 3, secondsLeft: undefined, detail: "round 1 of 3" },
    { phase: "small", fraction: 2 / 3, secondsLeft: 2, detail: "round 2 of 3" },
    { phase: "small", fraction: 1, secondsLeft: 0, detail: "round 3 of 3" },
    { phase: "large", fraction: 1 / 3, secondsLeft: undefined, detail: "round 1 of 3" },
    { phase: "large", fraction: 2 / 3, secondsLeft: 20, detail: "round 2 of 3" },
  ]);
});
