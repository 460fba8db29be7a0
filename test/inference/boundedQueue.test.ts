import { expect, test } from "vitest";
import { BoundedQueue, type WhenBehind } from "../../src/inference/boundedQueue.js";

/** A queue whose work is done when the test says so. */
function slow(limit: number, whenFull: WhenBehind) {
  const done: number[] = [];
  const running: { job: number; finish: (error?: Error) => void }[] = [];
  const queue = new BoundedQueue<number>(
    (job) =>
      new Promise((resolve, reject) => {
        const finish = (error?: Error) => {
          done.push(job);
          if (error) reject(error);
          else resolve();
        };
        running.push({ job, finish });
      }),
    limit,
    whenFull,
  );
  const begun = async (job: number) => {
    while (running.at(-1)?.job !== job) await new Promise((resolve) => setTimeout(resolve, 1));
    return running.at(-1)!;
  };
  return { queue, done, begun };
}

test("drop: the job that waited longest is given up and counted, and adding never waits", async () => {
  const { queue, done, begun } = slow(2, "drop");
  expect(queue.add(0)).toBeUndefined();
  const first = await begun(0);
  for (const job of [1, 2, 3, 4, 5]) expect(queue.add(job)).toBeUndefined();
  expect([queue.waiting, queue.dropped]).toEqual([2, 3]);
  first.finish();
  (await begun(4)).finish();
  (await begun(5)).finish();
  await queue.idle();
  expect([done, queue.waiting, queue.dropped]).toEqual([[0, 4, 5], 0, 3]);
});

test("wait: nothing is given up, and adding waits for room", async () => {
  const { queue, done, begun } = slow(1, "wait");
  expect(queue.add(0)).toBeUndefined();
  const first = await begun(0);
  expect(queue.add(1)).toBeUndefined();
  let added = false;
  const adding = queue.add(2)!.then(() => {
    added = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect([added, queue.waiting]).toEqual([false, 1]);
  first.finish();
  await adding;
  (await begun(1)).finish();
  (await begun(2)).finish();
  await queue.idle();
  expect([done, queue.dropped]).toEqual([[0, 1, 2], 0]);
});

test("what work threw comes once, at the next call, and later work is done", async () => {
  const { queue, done, begun } = slow(2, "drop");
  queue.add(0);
  (await begun(0)).finish(new Error("no answer"));
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(() => queue.add(1)).toThrow("no answer");
  queue.add(2);
  (await begun(2)).finish();
  await queue.idle();
  expect(done).toEqual([0, 2]);
});

test("closed, it gives up what waits and what still comes", async () => {
  const { queue, done, begun } = slow(1, "wait");
  queue.add(0);
  const first = await begun(0);
  queue.add(1);
  const adding = queue.add(2);
  const closing = queue.close();
  await adding;
  first.finish();
  await closing;
  expect([done, queue.dropped, queue.waiting]).toEqual([[0], 2, 0]);
});

test("a limit below 1 is refused", () => {
  expect(() => slow(0, "drop")).toThrow("limit must be 1 or more, got 0");
});
