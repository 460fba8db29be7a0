import { expect, test } from "vitest";
import type { Attempt } from "../../../src/suite/running/attempt.js";
import { Died, type Standing, schedule, type Work } from "../../../src/suite/running/schedule.js";
import { Interrupted } from "../../../src/training/interrupted.js";

interface FakeWork extends Work {
  name: string;
}

const soon = () => new Promise((resolve) => setTimeout(resolve, 5));

/** Work that is done when its process has ended, with what happens in the order in which it happens. */
function fake(name: string, said: string[], over: Partial<Work> & { fails?: Error[] } = {}): FakeWork {
  let done = false;
  const { fails = [], ...rest } = over;
  return {
    name,
    after: [],
    look: () => (done ? { is: "done" } : { is: "free" }),
    async start() {
      said.push(`${name} begins`);
      await soon();
      const error = fails.shift();
      if (error) throw error;
      done = true;
      said.push(`${name} ends`);
    },
    ...rest,
  };
}

async function ends(works: readonly FakeWork[], jobs = 1, signal = new AbortController().signal) {
  const states = new Map<string, string>();
  await schedule(works, {
    jobs,
    signal,
    onState: (work, state) =>
      states.set((work as FakeWork).name, state.is === "failed" ? state.error.message : state.is),
  });
  return Object.fromEntries(states);
}

test("one after the other, or as many at once as asked for", async () => {
  const said: string[] = [];
  expect(await ends(["a", "b", "c"].map((name) => fake(name, said)))).toEqual({ a: "done", b: "done", c: "done" });
  expect(said).toEqual(["a begins", "a ends", "b begins", "b ends", "c begins", "c ends"]);
  said.length = 0;
  await ends(
    ["a", "b", "c"].map((name) => fake(name, said)),
    2,
  );
  expect(said.slice(0, 3)).toEqual(["a begins", "b begins", "a ends"]);
});

test("a failure stops those that need it, with its message, and nobody else", async () => {
  const said: string[] = [];
  const broken = fake("stage", said, { look: () => standing, fails: [new Error("no disk")] });
  const standing: Standing = { is: "free" };
  const works = [broken, fake("a", said, { after: [broken] }), fake("b", said)];
  expect(await ends(works)).toEqual({ stage: "no disk", a: "no disk", b: "done" });
  expect(said).toEqual(["stage begins", "b begins", "b ends"]);
});

test("who died is followed by another, but not for ever", async () => {
  const said: string[] = [];
  const deaths = (count: number) => Array.from({ length: count }, () => new Died("SIGKILL"));
  const works = [fake("a", said, { fails: deaths(2) }), fake("b", said, { fails: deaths(9) })];
  expect(await ends(works)).toEqual({ a: "done", b: "SIGKILL" });
  expect(said.filter((text) => text === "a begins")).toHaveLength(3);
  expect(said.filter((text) => text === "b begins")).toHaveLength(3);
});

test("what another process has comes last: its end is taken, or the work is taken over", async () => {
  const said: string[] = [];
  const attempt = { attempt: 1 } as Attempt;
  const later = (then: Standing) => {
    let looks = 0;
    return (): Standing => (looks++ < 2 ? { is: "elsewhere", attempt } : then);
  };
  const theirs = fake("theirs", said, { look: later({ is: "done" }) });
  const left = fake("left", said, { look: later({ is: "free" }) });
  const cancelled = fake("cancelled", said, { look: () => ({ is: "cancelled" }) });
  const works = [theirs, left, cancelled, fake("free", said)];
  expect(await ends(works)).toEqual({ theirs: "done", left: "done", cancelled: "cancelled", free: "done" });
  expect(said).toEqual(["free begins", "free ends", "left begins", "left ends"]);
});

test("stopped: those at work stop in order, nothing begins", async () => {
  const said: string[] = [];
  const stop = new AbortController();
  const works = [fake("a", said, { fails: [new Interrupted("stopped in the middle")] }), fake("b", said)];
  const ended = ends(works, 1, stop.signal);
  stop.abort();
  await expect(ended).rejects.toThrow(Interrupted);
  expect(said).toEqual(["a begins"]);
});

test("what comes next is prepared while others work; what is prepared in vain is released", async () => {
  const said: string[] = [];
  const preparing = (name: string, over: Partial<Work> = {}) =>
    fake(name, said, { prepare: () => said.push(`${name} is prepared`), release: () => said.push(`${name} is released`), ...over }); // biome-ignore format: two hooks
  const taken = (): Standing => ({ is: said.includes("a ends") ? "done" : "free" });
  await ends([preparing("a"), preparing("b", { look: taken }), preparing("c")]);
  const firsts = said.filter((text, i) => said.indexOf(text) === i);
  expect(firsts.slice(0, 3)).toEqual(["a begins", "b is prepared", "a ends"]);
  expect(firsts.indexOf("b is released")).toBeLessThan(firsts.indexOf("c begins"));
  expect(firsts).not.toContain("b begins");
});
