import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { AtMostEvery } from "../../src/lab/atMostEvery.js";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

test("the first is done at once, those of the next second together at its end, and none is lost", () => {
  const work = vi.fn();
  const every = new AtMostEvery(1000, work);
  for (let i = 0; i < 5; i++) every.ask();
  expect(work).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(999);
  expect(work).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(1);
  expect(work).toHaveBeenCalledTimes(2);
  vi.advanceTimersByTime(5000);
  expect(work).toHaveBeenCalledTimes(2);
  every.ask();
  expect(work).toHaveBeenCalledTimes(3);
});

test("what is done now is not done again later", () => {
  const work = vi.fn();
  const every = new AtMostEvery(1000, work);
  every.ask();
  every.ask();
  every.now();
  vi.advanceTimersByTime(5000);
  expect(work).toHaveBeenCalledTimes(2);
});
