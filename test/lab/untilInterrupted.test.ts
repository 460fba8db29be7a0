import { expect, test, vi } from "vitest";
import { untilInterrupted } from "../../src/lab/untilInterrupted.js";

const interrupt = () => process.emit("SIGINT", "SIGINT");
const soon = (ms = 0) => new Promise((resolve) => setTimeout(resolve, ms));

test("the first interrupt asks the work alone, a second after the echo asks again and is handed on", async () => {
  const kernel = vi.fn();
  process.on("SIGINT", kernel);
  try {
    const result = await untilInterrupted(async ({ signal, again }) => {
      interrupt();
      expect([signal.aborted, again.aborted]).toEqual([true, false]);
      interrupt();
      expect(again.aborted).toBe(false);
      expect(kernel).not.toHaveBeenCalled();
      await soon(600);
      interrupt();
      expect(again.aborted).toBe(true);
      expect(kernel).toHaveBeenCalledTimes(1);
      return "done";
    });
    expect(result).toBe("done");
    interrupt();
    expect(kernel).toHaveBeenCalledTimes(2);
  } finally {
    process.off("SIGINT", kernel);
  }
});

test("listeners are put back when the work fails", async () => {
  const kernel = vi.fn();
  process.on("SIGINT", kernel);
  const before = process.rawListeners("SIGINT");
  try {
    await expect(untilInterrupted(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(process.rawListeners("SIGINT")).toEqual(before);
  } finally {
    process.off("SIGINT", kernel);
  }
});
