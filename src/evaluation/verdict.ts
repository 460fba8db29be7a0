/** Why a number of ours must not be compared with a printed one. */
export type NotComparable =
  | "other test set"
  | "reduced budget"
  | "made-up sounds"
  | "part of the data"
  | "other pretraining"
  | "other precision"
  | "other settings"
  | "no bonus for speed"
  | "other protocol";

/** The words of a comparison. "not run": there is no number of ours; "not printed": there is none to compare with. */
export type Verdict =
  | "reproduced"
  | "compatible"
  | "above"
  | "below"
  | "cannot tell"
  | "not comparable"
  | "not run"
  | "not printed";

/** Two points on the scale from 0 to 1: how far print may lie from ours. */
const tolerance = 0.02;
/** Three points: the half-width up to which ours says something. */
const widestHalfWidth = 0.03;
/** Differences are of numbers with three printed digits; this only absorbs binary rounding. */
const rounding = 1e-9;

/** What is compared: all values from 0 to 1; `low` and `high` bound the 95 % interval. */
export interface Comparison {
  printed: number | null;
  ours: { mean: number | null; low: number | null; high: number | null } | null;
  /** Everything that forbids the comparison; empty for a full budget on a like test set. */
  reasons: readonly NotComparable[];
}

/**
 * Judges a printed number by ours. *reproduced*: print within ours +- 2 points and our half-width at most 3; *compatible*:
 * within, but wider; *above* or *below*: our interval lies more than 2 points above or below print; else *cannot tell*.
 * Any reason makes it *not comparable*, whatever the numbers are.
 */
export function verdict({ printed, ours, reasons }: Comparison): { verdict: Verdict; why: string } {
  if (ours === null) return { verdict: "not run", why: reasons.join(", ") };
  if (printed === null) return { verdict: "not printed", why: reasons.join(", ") };
  if (reasons.length > 0) return { verdict: "not comparable", why: reasons.join(", ") };
  const { mean, low, high } = ours;
  if (mean === null || !Number.isFinite(mean)) {
    return { verdict: "cannot tell", why: "the test set lacks items that the metric needs" };
  }
  if (low === null || high === null || !Number.isFinite(low) || !Number.isFinite(high)) {
    return { verdict: "cannot tell", why: "no interval around our number" };
  }
  const halfWidth = (high - low) / 2;
  const distance = points(mean - printed);
  const width = `half-width ${points(halfWidth)}`;
  if (Math.abs(mean - printed) <= tolerance + rounding) {
    return halfWidth <= widestHalfWidth + rounding
      ? { verdict: "reproduced", why: `ours - print ${distance}, ${width} points` }
      : { verdict: "compatible", why: `ours - print ${distance}, ${width} points, more than 3` };
  }
  if (low - printed > tolerance + rounding) {
    return { verdict: "above", why: `interval starts ${points(low - printed)} points above print` };
  }
  if (printed - high > tolerance + rounding) {
    return { verdict: "below", why: `interval ends ${points(printed - high)} points below print` };
  }
  return { verdict: "cannot tell", why: `ours - print ${distance}, ${width} points` };
}

function points(difference: number): string {
  return (difference * 100).toFixed(1);
}
