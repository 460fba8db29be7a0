import { contentDigest, type PlacedFile } from "./contentDigest.js";
import type { ExpectedFolder } from "./source.js";

/**
 * What differs between files and what should be there, one sentence each; none where all is as published. Of a folder whose number of
 * files is wrong the digest is not told as well.
 */
export function expectationProblems(expected: readonly ExpectedFolder[], files: readonly PlacedFile[]): string[] {
  return expected.flatMap(({ folder, counts, digest }) => {
    const inside = files.filter(({ path }) => path.startsWith(`${folder}/`));
    const wrong = Object.entries(counts).flatMap(([ending, count]) => {
      const found = inside.filter(({ path }) => path.endsWith(ending)).length;
      return found === count
        ? []
        : [`${folder} has ${found.toLocaleString("en")} ${ending} files instead of ${count.toLocaleString("en")}`];
    });
    if (wrong.length > 0) return [...wrong, ...unpaired(folder, Object.keys(counts), inside)];
    if (digest === undefined || contentDigest(inside, folder) === digest) return [];
    return [
      `${folder} has the right number of files but other content than the release of 2022 (digest ${contentDigest(inside, folder)} instead of ${digest})`,
    ];
  });
}

/** Recordings of which one of two files is there. */
function unpaired(folder: string, endings: readonly string[], files: readonly PlacedFile[]): string[] {
  if (endings.length !== 2) return [];
  const stems = endings.map(
    (ending) =>
      new Set(files.filter(({ path }) => path.endsWith(ending)).map(({ path }) => path.slice(0, -ending.length))),
  );
  return [0, 1].flatMap((index) => {
    const alone = [...stems[index]!].filter((stem) => !stems[1 - index]!.has(stem)).sort();
    if (alone.length === 0) return [];
    const first = alone[0]!.slice(folder.length + 1);
    return [`${alone.length} with ${endings[index]} but without ${endings[1 - index]}, such as ${first}`];
  });
}
