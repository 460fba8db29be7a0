import type { Manifest } from "../../inference/manifest.js";
import { caveatsOf } from "../caveats.js";
import { runCommand, runName } from "../recording/runDescription.js";
import type { RunRecord } from "../runRecord.js";
import type { Agreement } from "./agreement.js";
import type { Seen } from "./seenAgreement.js";

export interface CardOptions {
  record: RunRecord;
  task: string;
  labels: readonly string[];
  outputs: Manifest["outputs"];
  input: { recipe: string; shape: readonly number[]; sampleRateHz: number };
  /** Where the run was evaluated on inputs that were made with other steps: which. */
  evaluatedOtherwise?: Readonly<Record<string, unknown>>;
  agreement: Agreement;
  seen: Seen;
  /** The test set that the export opened. */
  opened?: { set: string; count: number };
}

/** The model card, Markdown: what it is, on what data, how it was measured, what it must not be used for. */
export function modelCard(options: CardOptions): string {
  const { record, task, labels, input } = options;
  const { request, data, split } = record;
  const shape = input.shape.join(" x ");
  const sections = [
    `# ${request.experiment}: ${runName(request, data.madeUp)}`,
    "**Not a medical device.** A result of research on public recordings. It must not be used to diagnose, to treat, or to decide about a person.",
    ...warnings(options),
    "## What it does",
    `It takes a breathing sound and gives ${outputsWords(options)} of ${labels.join(", ")} (task ${task}). Input: ${shape} (rows, frames, channels), made from samples at ${input.sampleRateHz} Hz by the recipe \`${input.recipe}\` of auscult. Another way of making inputs gives other answers.`,
    "## Data and protocol",
    `${data.description}. Source: ${data.source}; digest ${data.digest}. Split ${split.name}, digest ${split.digest}, protocol \`${request.protocol}\`: ${protocolWords(request.protocol)}`,
    "## Measured",
    scoresTable(record),
    `Epoch ${record.result.chosenEpoch} of ${record.result.epochs}, chosen by ${record.result.chosenBy}. Ranges are 95 % intervals over patients.`,
    calibrationWords(record),
    "## Limits",
    bullets(limits(options)),
    "## Formats",
    agreementWords(options),
    seenWords(options),
    "## How it was made",
    `Run \`${record.runId}\`, code ${record.codeRevision}, ${record.engine}.\n\n\`\`\`\n${runCommand(request)}\n\`\`\``,
  ];
  return `${sections.join("\n\n")}\n`;
}

function warnings({ record: { data, reduced, split } }: CardOptions): string[] {
  return [
    ...(data.madeUp ? ["**Trained on made-up sounds: no number here says anything about patients.**"] : []),
    ...(reduced === undefined ? [] : [`**${sentence(reduced)}**`]),
    ...caveatsOf(split).map(({ says }) => `**${says}**`),
  ];
}

function outputsWords({ outputs }: CardOptions): string {
  if (outputs.kind === "softmax") return "logits, whose softmax are probabilities,";
  const { findings, threshold, decide } = outputs;
  const rule =
    decide === "combination"
      ? `a finding is there above ${threshold}, and the label is their combination`
      : "the largest decides";
  return `logits of the findings ${findings.join(", ")}, each with a sigmoid of its own (${rule}), and from them one`;
}

function protocolWords(protocol: string): string {
  return protocol === "honest"
    ? "the epoch was chosen on held-out training patients, and the test set was opened once."
    : "the paper's own rule, which may choose the epoch on the test set; such numbers are optimistic.";
}

function scoresTable({ result }: RunRecord): string {
  const heads = ["test set", "Score", "95 %", "Se", "Sp", "AUC", "items"];
  const rows = Object.entries(result.tests).map(([name, { scores, intervals, auc, examples }]) => {
    const interval = intervals?.score;
    const range = interval ? `${shown(interval.low)} to ${shown(interval.high)}` : "-";
    return [name, shown(scores.score), range, shown(scores.se), shown(scores.sp), shown(auc), String(examples)];
  });
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(heads), line(heads.map(() => "---")), ...rows.map(line)].join("\n");
}

function calibrationWords({ result: { calibration } }: RunRecord): string {
  if (!calibration) return "The run has no calibration: probabilities are as the network gives them.";
  const { temperature, select } = calibration;
  return `Probabilities are calibrated by dividing logits by ${temperature.toFixed(4)}, fitted on the select role (expected calibration error there ${shown(select.before.ece)} before, ${shown(select.after.ece)} after).`;
}

function limits({ evaluatedOtherwise, record }: CardOptions): string[] {
  const tests = Object.values(record.result.tests).map(({ examples }) => examples);
  const other = Object.entries(evaluatedOtherwise ?? {}).map(([step, how]) => `${step}: ${String(how)}`);
  return [
    "Sounds of other devices, body places, ages and diseases than in the data may be classified at will. Noise, speech and silence get a label too.",
    `The numbers above are of ${tests.reduce((sum, count) => sum + count, 0)} items; the intervals say how little that is.`,
    ...(other.length > 0 ? [`The run was evaluated on inputs that were made otherwise (${other.join("; ")}).`] : []),
    "In int8 an answer depends on what else is in its batch, since a batch shares a scale: ask one at a time.",
  ];
}

function seenWords({ agreement, seen: { look, none } }: CardOptions): string {
  if (!look) return `The formats give logits only: ${none}.`;
  const { kind, rows, frames } = look.about;
  const what =
    kind === "attention"
      ? "the network's attention over time, `[batch, 1, frames, 1]`"
      : "Grad-CAM++ of the network's last map, from 0 to 1 for each output, `[batch, rows, frames, outputs]`";
  const { maps, unsteady, seen, int8 } = agreement.seen!;
  const formats = Object.entries(seen).map(([format, difference]) => `${format} ${difference.toExponential(1)}`);
  const left = unsteady === 0 ? "" : ` ${unsteady} more were not compared, since rounding decides what they show.`;
  return `ONNX and SavedModel have a second output, \`seen\`: ${what}, ${rows} x ${frames}. Of ${maps} maps the greatest difference from the training network's, in shares of a map's largest value: ${formats.join(", ")}; int8 ${int8.toFixed(3)} in the mean.${left}`;
}

function agreementWords({ agreement, opened }: CardOptions): string {
  const { int8, logits, inputs } = agreement;
  const formats = Object.entries(logits).map(([format, difference]) => `${format} ${difference.toExponential(1)}`);
  const score = int8.score
    ? ` Score of these items ${shown(int8.score.float32)} in float32, ${shown(int8.score.int8)} in int8.`
    : "";
  return [
    bullets([
      "`model.onnx` (float32) and `model-int8.onnx`: ONNX, input `input` [batch, rows, frames, channels], output `logits`.",
      "`savedmodel/`: `tf.saved_model.load`, signature `serving_default`.",
      "`tfjs/`: load `layers.js` after TensorFlow.js, then `tf.loadLayersModel` of `model.json`.",
      "`weights.safetensors`: the run's own weights by name; `manifest.json`: recipe, labels, digests.",
    ]),
    `Asked for ${inputs}: greatest difference of a logit from the training graph's: ${formats.join(", ")}. Int8: the same label for ${(100 * int8.sameLabel).toFixed(1)} % of ${int8.items} items, greatest difference ${int8.logits.toFixed(3)}, ${int8.size.toFixed(3)} of the size.${score}`,
    ...(opened ? [`The test set ${opened.set} (${opened.count} items) was opened once more for this comparison.`] : []),
  ].join("\n\n");
}

const bullets = (lines: readonly string[]) => lines.map((line) => `- ${line}`).join("\n");
const sentence = (words: string) => `${words[0]!.toUpperCase()}${words.slice(1)}.`;

/** JSON has null where a set lacks what a score needs. */
function shown(value: number | null | undefined): string {
  return typeof value === "number" && Number.isFinite(value) ? value.toFixed(3) : "-";
}
