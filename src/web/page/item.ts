import type { Mark } from "../listening/annotation.js";
import { Peaks } from "../listening/peaks.js";
import type { Precision, RecordingResults, StretchResult } from "../listening/results.js";
import { SpectrumColumns } from "../listening/spectrumColumns.js";
import { liveView, type TimeView, wholeView } from "../listening/timeView.js";

export type ItemState = "waiting" | "running" | "done" | "failed";

/** One recording of the list: a file, or what a microphone hears. */
export interface Item {
  id: number;
  /** What the worker knows its present work by; what it says of earlier work is not listened to. */
  job: number;
  name: string;
  source: "file" | "microphone";
  file?: File;
  annotation?: File;
  state: ItemState;
  /** Why it failed. */
  problem?: string;
  sampleRateHz: number;
  /** As the header says, or so far. */
  seconds: number;
  /** Of a file: gone through in the precision that is under way. */
  passedSeconds: number;
  form: string;
  notes: string[];
  marks: Mark[];
  recordLabel?: string;
  cut: "annotated" | "approximate";
  peaks: Peaks;
  columns: SpectrumColumns;
  /** Under way, or the last one asked for. */
  precision: Precision;
  /** From one window to the next. */
  hopSeconds: number;
  /** Answers by precision; what a switch leads back to is there at once. */
  answers: Map<Precision, Answers>;
  view: TimeView;
  behindSeconds: number;
  dropped: number;
  /** The stretch that was chosen, in the table or the pictures. */
  chosen?: StretchResult;
}

export interface Answers {
  windows: StretchResult[];
  cycles: StretchResult[];
  whole: StretchResult[];
  isComplete: boolean;
  tookMs?: number;
}

export function newItem(
  id: number,
  name: string,
  source: Item["source"],
  precision: Precision,
  hopSeconds: number,
): Item {
  return {
    ...{ id, job: 0, name, source, precision, hopSeconds, state: source === "file" ? "waiting" : "running" },
    ...{ sampleRateHz: 0, seconds: 0, passedSeconds: 0, form: "", notes: [], marks: [], cut: "approximate" },
    ...{ peaks: new Peaks(), columns: new SpectrumColumns(), answers: new Map() },
    ...{ view: source === "file" ? wholeView(1) : liveView(0), behindSeconds: 0, dropped: 0 },
  };
}

/** Answers in a precision; made empty where there are none. */
export function answersOf(item: Item, precision: Precision): Answers {
  const known = item.answers.get(precision) ?? { windows: [], cycles: [], whole: [], isComplete: false };
  item.answers.set(precision, known);
  return known;
}

export function addAnswers(answers: Answers, results: readonly StretchResult[]): void {
  for (const result of results) {
    const list = { window: answers.windows, cycle: answers.cycles, recording: answers.whole }[result.kind];
    list.push(result);
  }
}

/** End of the newest window that was answered, in whichever precision. */
export function answeredSeconds({ answers }: Item): number {
  return Math.max(0, ...[...answers.values()].map(({ windows }) => windows.at(-1)?.endSeconds ?? 0));
}

/** As exports have it. A microphone that was switched has answers of both, each stretch once. */
export function exported(item: Item): RecordingResults[] {
  return [...item.answers].flatMap(([precision, { windows, cycles, whole, isComplete }]) => {
    const results = [...whole, ...cycles, ...windows];
    if (results.length === 0) return [];
    const { name, source, sampleRateHz, seconds, hopSeconds, notes } = item;
    return [{ name, source, sampleRateHz, seconds, hopSeconds, precision, complete: isComplete, notes, results }];
  });
}
