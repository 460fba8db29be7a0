import type { Rng } from "../../random/streams.js";
import { Heap } from "./heap.js";

/** A run, or a stage that runs share, as its placement sees it. */
export interface SimulatedWork {
  /** Of training and evaluation, from its start to its end. */
  seconds: number;
  /** Of it between two checkpoints; absent: it leaves none, and begins anew. */
  checkpointSeconds?: number;
  /** Indices of what must be done before it. */
  after?: readonly number[];
}

/** Machines that are alike, and what befalls them. */
export interface SimulatedNodes {
  nodes: number;
  /** Runs at once on each. */
  slotsPerNode: number;
  /** Of one node, on average from when it is there; Infinity: none is ever lost. */
  hoursBetweenLosses: number;
  /** Until a lost node, or another in its place, is there. */
  repairSeconds: number;
  /** After a loss, until its work may begin elsewhere: the lease, or what an engine takes to notice. */
  noticeSeconds: number;
  /** Of each attempt at a piece of work before its first step. */
  startUpSeconds: number;
}

/** How one simulated programme went. All in seconds; those of slots are summed over slots. */
export interface SimulatedProgramme {
  /** Until the last piece is done. */
  seconds: number;
  /** Of slots, on work that counted: what all pieces take. */
  workSeconds: number;
  /** Of slots, on work since the last checkpoint of an attempt that was lost. */
  lostSeconds: number;
  /** Of slots, on the start of attempts. */
  startUpSeconds: number;
  attempts: number;
  /** Of nodes. */
  losses: number;
}

/** An attempt that comes to its end, or would have; a node that is lost, or there again; work that may begin again. */
type Event = { at: number; order: number } & (
  | { is: "end"; slot: number; attempt: number }
  | { is: "loss" | "repair"; node: number }
  | { is: "free"; work: number }
);

interface Attempt {
  number: number;
  work: number;
  since: number;
}

/**
 * Plays a programme through once, event by event: a free slot takes the first piece in order whose needs are done (list scheduling, as
 * `schedule` does); nodes are lost as a Poisson process each, with all that runs on them, which then goes on elsewhere from its last
 * checkpoint. Pieces that wait for a lost one wait with it. Nobody waits for the tracking server: records are spooled.
 *
 * @param works each needs only those before it
 * @param rng draws the times of losses; without losses nothing is drawn
 * Throws RangeError for numbers that make no sense, and where losses are so frequent that a piece would hardly ever come to its next
 * checkpoint.
 */
export function simulatePlacement(
  works: readonly SimulatedWork[],
  model: SimulatedNodes,
  rng: Rng,
): SimulatedProgramme {
  check(works, model);
  const { nodes, slotsPerNode, hoursBetweenLosses, repairSeconds, noticeSeconds, startUpSeconds } = model;
  const done: SimulatedProgramme = {
    ...{ seconds: 0, workSeconds: 0, lostSeconds: 0, startUpSeconds: 0, attempts: 0, losses: 0 },
  };
  const events = new Heap<Event>((a, b) => a.at - b.at || a.order - b.order);
  let order = 0;
  const plan = (at: number, event: Plain<Event>) => events.push({ ...event, at, order: order++ } as Event);
  const lossAfter = (now: number, node: number) => {
    if (hoursBetweenLosses === Number.POSITIVE_INFINITY) return;
    plan(now - Math.log(1 - rng.uniform()) * hoursBetweenLosses * 3600, { is: "loss", node });
  };

  const needed = works.map(({ after = [] }) => new Set(after).size);
  const neededBy = works.map((): number[] => []);
  works.forEach(({ after = [] }, work) => {
    for (const one of new Set(after)) neededBy[one]!.push(work);
  });
  const ready = new Heap<number>((a, b) => a - b);
  const saved = new Float64Array(works.length);
  const attempts: (Attempt | undefined)[] = Array.from({ length: nodes * slotsPerNode });
  const free = new Heap<number>((a, b) => a - b);
  let left = works.length;

  works.forEach((_, work) => {
    if (needed[work] === 0) ready.push(work);
  });
  for (let slot = 0; slot < attempts.length; slot++) free.push(slot);
  for (let node = 0; node < nodes; node++) lossAfter(0, node);

  const begin = (now: number) => {
    while (ready.size > 0 && free.size > 0) {
      const slot = free.pop()!;
      const work = ready.pop()!;
      const number = ++done.attempts;
      attempts[slot] = { number, work, since: now };
      plan(now + startUpSeconds + works[work]!.seconds - saved[work]!, { is: "end", slot, attempt: number });
    }
  };
  const lose = (now: number, { work, since }: Attempt) => {
    const { checkpointSeconds } = works[work]!;
    const started = Math.min(startUpSeconds, now - since);
    const made = now - since - started;
    const kept = checkpointSeconds === undefined ? 0 : Math.floor(made / checkpointSeconds) * checkpointSeconds;
    done.startUpSeconds += started;
    done.lostSeconds += made - kept;
    done.workSeconds += kept;
    saved[work] = saved[work]! + kept;
    plan(now + noticeSeconds, { is: "free", work });
  };

  begin(0);
  while (left > 0) {
    const event = events.pop()!;
    const now = event.at;
    if (event.is === "end") {
      const { slot } = event;
      const attempt = attempts[slot];
      if (attempt?.number !== event.attempt) continue;
      attempts[slot] = undefined;
      free.push(slot);
      done.startUpSeconds += startUpSeconds;
      done.workSeconds += works[attempt.work]!.seconds - saved[attempt.work]!;
      left--;
      done.seconds = now;
      for (const work of neededBy[attempt.work]!) if (--needed[work]! === 0) ready.push(work);
    } else if (event.is === "free") ready.push(event.work);
    else if (event.is === "repair") {
      const first = event.node * slotsPerNode;
      for (let slot = first; slot < first + slotsPerNode; slot++) free.push(slot);
      lossAfter(now, event.node);
    } else {
      done.losses++;
      const first = event.node * slotsPerNode;
      for (let slot = first; slot < first + slotsPerNode; slot++) {
        const attempt = attempts[slot];
        attempts[slot] = undefined;
        if (attempt) lose(now, attempt);
      }
      // What was free of it must not be there twice when it is back.
      free.keep((slot) => Math.floor(slot / slotsPerNode) !== event.node);
      plan(now + repairSeconds, { is: "repair", node: event.node });
    }
    // All that happens at one moment is seen before anything begins.
    if (events.first?.at !== now) begin(now);
  }
  return done;
}

type Plain<T> = T extends unknown ? Omit<T, "at" | "order"> : never;

/** Attempts of which only so few come to their next checkpoint would never end. */
const LEAST_CHANCE = 1e-3;

function check(works: readonly SimulatedWork[], model: SimulatedNodes): void {
  const { nodes, slotsPerNode, hoursBetweenLosses, repairSeconds, noticeSeconds, startUpSeconds } = model;
  if (!Number.isInteger(nodes) || nodes < 1) throw new RangeError(`nodes: ${nodes}; must be a whole number, 1 or more`);
  if (!Number.isInteger(slotsPerNode) || slotsPerNode < 1)
    throw new RangeError(`slotsPerNode: ${slotsPerNode}; must be a whole number, 1 or more`);
  if (!(hoursBetweenLosses > 0))
    throw new RangeError(`hoursBetweenLosses: ${hoursBetweenLosses}; must be above 0, Infinity for none`);
  for (const [name, seconds] of Object.entries({ repairSeconds, noticeSeconds, startUpSeconds }))
    if (!(seconds >= 0 && seconds < Number.POSITIVE_INFINITY))
      throw new RangeError(`${name}: ${seconds}; must be seconds, 0 or more`);
  let longest = 0;
  works.forEach(({ seconds, checkpointSeconds = Number.POSITIVE_INFINITY, after = [] }, work) => {
    if (!(seconds >= 0 && seconds < Number.POSITIVE_INFINITY) || !(checkpointSeconds > 0))
      throw new RangeError(`work ${work}: ${seconds} s with checkpoints every ${checkpointSeconds} s`);
    if (after.some((one) => !Number.isInteger(one) || one < 0 || one >= work))
      throw new RangeError(`work ${work} needs ${after.join(", ")}; it may need only what stands before it`);
    longest = Math.max(longest, Math.min(seconds, checkpointSeconds));
  });
  const chance = Math.exp(-(startUpSeconds + longest) / (hoursBetweenLosses * 3600));
  if (chance < LEAST_CHANCE)
    throw new RangeError(
      `hoursBetweenLosses: ${hoursBetweenLosses}; of attempts at work whose checkpoint comes after ${((startUpSeconds + longest) / 3600).toFixed(1)} h fewer than one in a thousand would come to it`,
    );
}
