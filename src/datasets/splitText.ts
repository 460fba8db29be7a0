import { alignColumns } from "./checkText.js";
import type { RefusedSplit, SplitSummary } from "./listSplits.js";

/** Splits as a table, one line each; then in words who is on both sides, where there is one split only. */
export function splitText(summaries: readonly (SplitSummary | RefusedSplit)[]): string {
  const made = summaries.filter((one): one is SplitSummary => !("refused" in one));
  const refused = summaries.filter((one): one is RefusedSplit => "refused" in one);
  const partial = made.some(({ withAudio }) => withAudio);
  const rows: (string | number)[][] = [
    ["split", "protocol", "train", "select", "test", ...(partial ? ["with audio"] : []), "digest", ""],
    ...made.map(({ split, protocol, train, select, tests, withAudio, digest, leaks }) => [
      split,
      protocol,
      train.count,
      select.count,
      Object.values(tests).map(number).join(" + "),
      ...(partial ? [withAudio ? Object.values(withAudio).map(number).join(" / ") : ""] : []),
      digest.slice(0, 8),
      leaks.length > 0 ? "leaks" : "",
    ]),
  ];
  const lines = made.length > 0 ? [...alignColumns(rows), ""] : [];
  const short = new Set(made.map(({ split }) => split)).size <= 1;
  if (short) for (const summary of made) lines.push(...inFull(summary), "");
  else lines.push(`Name one split to read who is on both sides, such as ${made[0]!.split}.`, "");
  if (refused.length > 0 && !short) {
    const names = [...new Set(refused.map(({ split, protocol }) => `${split} (${protocol})`))];
    lines.push(`Not to be made: ${names.join(", ")}.`, "");
  } else {
    for (const { split, protocol, refused: why } of refused) lines.push(`${split} ${protocol}: ${why}`, "");
  }
  return lines.join("\n").trimEnd();
}

function inFull({ split, protocol, train, select, digest, describe, leaks }: SplitSummary): string[] {
  const classes = (byClass: Readonly<Record<string, number>>) =>
    Object.entries(byClass)
      .map(([name, count]) => `${name} ${number(count)}`)
      .join(", ");
  return [
    `${split}, ${protocol} (digest ${digest})`,
    `  train   ${classes(train.byClass)}`,
    ...(select.count > 0 ? [`  select  ${classes(select.byClass)}`] : []),
    ...describe.map((sentence) => `  ${leaks.includes(sentence) ? "LEAK: " : ""}${sentence}`),
  ];
}

function number(value: number): string {
  return value.toLocaleString("en");
}
