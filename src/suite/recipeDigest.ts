import { createHash } from "node:crypto";
import { canonicalJson, type Json } from "../features/canonicalJson.js";

/** What of a run's settings differs between trainings that are repetitions of each other, follows from the split, or is told apart by other fields. */
const APART = ["seed", "fold", "split", "data", "stepsPerEpoch"];

/** Digest of what was trained how: of a run's settings but for its seed, split and data. Runs with another one are not averaged with it. */
export function recipeDigest(settings: Readonly<Record<string, unknown>>): string {
  const rest = Object.fromEntries(Object.entries(settings).filter(([name]) => !APART.includes(name)));
  return createHash("sha256")
    .update(canonicalJson(rest as Record<string, Json>))
    .digest("hex")
    .slice(0, 16);
}
