import { expect, test } from "vitest";
import { compile } from "../../src/engine/compile.js";
import { tf } from "../../src/tensorflow.js";
import { expectNoLeaks } from "./leaks.js";
import { growthOver } from "./longRun.js";

expectNoLeaks();

test("1,000 steps leave nothing behind: tensors, handles, resident memory", () => {
  const { residentMegabytes, ...counts } = growthOver(1050);
  expect(counts).toEqual({ tensors: 0, handles: 0 });
  // The JavaScript heap breathes by some megabytes; one copy of the weights a step would be 1,000.
  expect(residentMegabytes).toBeLessThan(100);
});

test("a variable's memory in place is freed with it, and a function's with its step", () => {
  let before = 0;
  for (let i = 0; i < 60; i++) {
    if (i === 10) before = process.memoryUsage.rss();
    const w = tf.tidy(() => tf.variable(tf.fill([1000, 1000], i)));
    const step = compile(() => w.assign(tf.add(w, 1)));
    step();
    w.dispose();
    step.dispose();
  }
  // 50 variables of 4 MB.
  expect((process.memoryUsage.rss() - before) / 1e6).toBeLessThan(80);
});
