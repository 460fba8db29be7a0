import { parseIcbhiName } from "../icbhi/fileName.js";
import { ICBHI_DEVICES, type IcbhiDevice } from "../icbhi/labels.js";
import { DECIBELS, STEP_DB } from "./format.js";
import type { IcbhiLogmel } from "./load.js";

/** How far maps are from stored ones, over the cycles that both have. */
export interface LogmelAgreement {
  cycles: number;
  /** Share of all values whose byte is the same. */
  equalShare: number;
  /** Absolute differences in dB, over the values within 60 dB of the cycle's maximum (in the stored map). */
  meanDb: number;
  p95Db: number;
  maxDb: number;
}

export interface LogmelComparison extends LogmelAgreement {
  byDevice: Partial<Record<IcbhiDevice, LogmelAgreement>>;
}

const WITHIN_DB = 60;

/**
 * Compares maps with stored ones, cycle by cycle.
 * @param only the cycles to compare, by id; default all that both have
 * @returns undefined where they share no cycle
 */
export function compareLogmel(
  made: IcbhiLogmel,
  stored: IcbhiLogmel,
  only: (cycleId: string) => boolean = () => true,
): LogmelComparison | undefined {
  const all = new Differences();
  const devices = new Map<IcbhiDevice, Differences>();
  made.rows.forEach(({ id, recording }, index) => {
    const place = stored.rowOf(id);
    if (place === undefined || !only(id)) return;
    const cycle = new Differences();
    cycle.add(made.bytes(index), stored.bytes(place));
    const { device } = parseIcbhiName(recording)!;
    if (!devices.has(device)) devices.set(device, new Differences());
    for (const sum of [all, devices.get(device)!]) sum.include(cycle);
  });
  if (all.cycles === 0) return undefined;
  const present = ICBHI_DEVICES.filter((device) => devices.has(device));
  const byDevice = Object.fromEntries(present.map((device) => [device, devices.get(device)!.result()]));
  return { ...all.result(), byDevice };
}

/** Counts by difference in steps: mean, percentile and maximum follow from them exactly. */
class Differences {
  cycles = 0;
  private values = 0;
  private equal = 0;
  /** [256] values near the maximum, by difference. */
  private readonly near = new Float64Array(256);

  add(made: Uint8Array, stored: Uint8Array): void {
    const lowest = DECIBELS.findIndex((decibel) => decibel > -WITHIN_DB);
    this.cycles++;
    this.values += stored.length;
    for (let i = 0; i < stored.length; i++) {
      const difference = Math.abs(made[i]! - stored[i]!);
      if (difference === 0) this.equal++;
      if (stored[i]! >= lowest) this.near[difference]!++;
    }
  }

  include(other: Differences): void {
    this.cycles += other.cycles;
    this.values += other.values;
    this.equal += other.equal;
    for (let i = 0; i < this.near.length; i++) this.near[i]! += other.near[i]!;
  }

  result(): LogmelAgreement {
    const count = this.near.reduce((a, b) => a + b);
    let sum = 0;
    let below = 0;
    let p95 = -1;
    let max = 0;
    this.near.forEach((n, steps) => {
      sum += n * steps;
      below += n;
      if (p95 < 0 && below >= 0.95 * count) p95 = steps;
      if (n > 0) max = steps;
    });
    return {
      cycles: this.cycles,
      equalShare: this.equal / this.values,
      meanDb: (STEP_DB * sum) / count,
      p95Db: STEP_DB * p95,
      maxDb: STEP_DB * max,
    };
  }
}
