import { type NotComparable, type Verdict, verdict } from "../../evaluation/verdict.js";
import type { ExperimentColumn, Measure, Unit } from "../entry.js";
import { shareOfUnit } from "../printedScore.js";
import type { Estimate } from "./reportModel.js";

/** Reasons that tell how ours differs from what print was measured with. */
const ofPrint: ReadonlySet<NotComparable> = new Set(["other test set", "other protocol"]);

/** Judges a printed number by ours, both in the column's unit. */
export function judge(
  { unit, decimals = 0 }: Pick<ExperimentColumn, "unit" | "decimals">,
  measure: Measure,
  printed: number | null,
  ours: Estimate | null,
  against: readonly NotComparable[],
): { verdict: Verdict; why: string } {
  // Where nothing is printed, ours differs from no print in its set or protocol.
  const reasons = printed === null ? against.filter((reason) => !ofPrint.has(reason)) : against;
  const scale = shareOfUnit(unit);
  if (scale !== undefined && !measure.relative) {
    const scaled = (value: number | null) => (value === null ? null : value * scale);
    return verdict({
      printed: scaled(printed),
      ours: ours && { mean: scaled(ours.mean), low: scaled(ours.low), high: scaled(ours.high) },
      reasons,
    });
  }
  if (ours === null || printed === null || measure.metric !== "parameters") {
    const judged = verdict({ printed, ours: ours && { mean: null, low: null, high: null }, reasons });
    return judged.verdict === "cannot tell" ? { verdict: "cannot tell", why: unjudged(unit) } : judged;
  }
  // A size is no estimate and does not depend on data or budget.
  const places = Math.max(String(printed).split(".")[1]?.length ?? 0, decimals);
  const off = (ours.mean ?? Number.NaN) - printed;
  if (Math.abs(off) * 10 ** places <= 0.5 + 1e-9) return { verdict: "reproduced", why: "equal as printed" };
  return { verdict: off > 0 ? "above" : "below", why: `by ${Math.abs(off).toFixed(places + 1)}` };
}

function unjudged(unit: Unit): string {
  return unit === "count" ? "counts are shown, rates are judged" : "sizes and times are shown, not judged";
}
