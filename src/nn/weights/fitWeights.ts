import type { NamedTensor } from "./safetensors.js";
import { fromTorchLayout, type LayerNames, torchName, torchShape } from "./torchLayout.js";

/** A weight that is not where it should be, or not as it should be; names and shapes as in the file. */
export interface Difference {
  what: "missing" | "left over" | "other shape";
  /** The layer of ours it belongs to; undefined for what is left over. */
  layer: string | undefined;
  name: string;
  inFile: readonly number[] | undefined;
  wanted: readonly number[] | undefined;
}

/** What a file of weights gives a model. */
export interface Fit {
  /** By our names, in our layout: all that are there with the right shape. */
  weights: Map<string, NamedTensor>;
  differences: Difference[];
}

/**
 * Finds a model's weights in a file, by our own names where the file has them, else by PyTorch's.
 *
 * @param wanted shapes by our names
 */
export function fitWeights(
  file: ReadonlyMap<string, NamedTensor>,
  wanted: ReadonlyMap<string, readonly number[]>,
  names: LayerNames,
): Fit {
  const own = [...wanted.keys()].some((name) => file.has(name));
  const nameOf = (ours: string) => (own ? ours : torchName(ours, names));
  const fit: Fit = { weights: new Map(), differences: [] };
  const used = new Set<string>();
  for (const [ours, shape] of wanted) {
    const name = nameOf(ours);
    const theirs = own ? [...shape] : torchShape(shape);
    const found = file.get(name);
    used.add(name);
    if (found?.shape.join() === theirs.join()) {
      fit.weights.set(ours, own ? found : fromTorchLayout(found, shape));
      continue;
    }
    const layer = ours.slice(0, ours.lastIndexOf("/"));
    const what = found ? "other shape" : "missing";
    fit.differences.push({ what, layer, name, inFile: found?.shape, wanted: theirs });
  }
  for (const [name, { shape }] of file) {
    if (used.has(name)) continue;
    fit.differences.push({ what: "left over", layer: undefined, name, inFile: shape, wanted: undefined });
  }
  return fit;
}

const MOST_ROWS = 24;
const LONGEST_NAME = 80;

/** Differences as an aligned table: what each weight is in the file, and what the model wants. */
export function differenceTable(differences: readonly Difference[]): string {
  const shape = (sides: readonly number[] | undefined) => (sides ? `[${sides.join(", ")}]` : "-");
  const rows = [
    ["", "weight", "in the file", "the model wants"],
    ...differences
      .slice(0, MOST_ROWS)
      .map(({ what, name, inFile, wanted }) => [what, shown(name), shape(inFile), shape(wanted)]),
  ];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join("  ")
      .trimEnd(),
  );
  if (differences.length > MOST_ROWS) lines.push(`and ${differences.length - MOST_ROWS} more`);
  return lines.map((line) => `  ${line}`).join("\n");
}

/** A file may call its tensors anything. */
function shown(name: string): string {
  const cut = name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME)}...` : name;
  return cut.replace(/\p{C}/gu, "?");
}
