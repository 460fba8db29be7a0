import type { ModelIdentity, RecordingResults } from "./results.js";

/**
 * Results as CSV (RFC 4180: commas, CRLF, quotes doubled): one line for each stretch, one column for each output's probability. Numbers
 * have a point and nothing that depends on the place.
 */
export function resultsCsv(model: ModelIdentity, recordings: readonly RecordingResults[]): string {
  const head = [
    ...["recording", "source", "kind", "start_seconds", "end_seconds", "cut", "annotated", "label"],
    ...model.outputs.map((output) => `probability_${output}`),
    ...["silent", "calibrated", "precision", "run"],
  ];
  const rows = recordings.flatMap(({ name, source, precision, results }) =>
    results.map((one) => [
      ...[name, source, one.kind, one.startSeconds.toFixed(3), one.endSeconds.toFixed(3), one.cut],
      ...[one.annotated ?? "", one.label],
      ...one.probabilities.map((value) => value.toFixed(6)),
      ...[String(one.silent), String(model.calibrated), precision, model.run],
    ]),
  );
  return [head, ...rows].map((fields) => `${fields.map(csvField).join(",")}\r\n`).join("");
}

/**
 * One field. A text that a spreadsheet would take for a formula gets an apostrophe in front: names of files come from anywhere.
 */
export function csvField(text: string): string {
  const number = /^[+-]?\d+(\.\d+)?$/.test(text);
  const safe = !number && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
