import type { Answer, Classifier } from "../../inference/answer.js";
import type { WhenBehind } from "../../inference/boundedQueue.js";
import { SoundStream, type StreamAnswer } from "../../inference/stream.js";
import type { Mark } from "../listening/annotation.js";
import type { Cut, StretchResult } from "../listening/results.js";
import type { ListeningModel } from "./messages.js";

export interface SoundListenerOptions {
  network: Classifier;
  description: ListeningModel;
  sampleRateHz: number;
  /** Of a person; without any, cycles are cut by their energy. */
  marks: readonly Mark[];
  /** From one window to the next. */
  hopSeconds: number;
  whenBehind: WhenBehind;
  /** Heard before, of a recording whose model was changed: times go on from there. */
  offsetSeconds?: number;
  onResult(result: StretchResult): void;
  /** Time that an answer took, and the seconds of sound that are new in it. */
  onSpeed(ms: number, seconds: number): void;
}

/** Listens to one sound in two ways at once: windows by the clock, and cycles. */
export interface SoundListener {
  push(samples: Float32Array): Promise<void>;
  end(): Promise<void>;
  stop(): Promise<void>;
  /** End of the newest window that was answered. */
  answeredSeconds(): number;
  /** Windows and cycles that were given up. */
  dropped(): number;
}

export function soundListener(options: SoundListenerOptions): SoundListener {
  const {
    network,
    description,
    sampleRateHz,
    marks,
    hopSeconds,
    whenBehind,
    offsetSeconds = 0,
    onResult,
    onSpeed,
  } = options;
  let answered = 0;
  const common = { sampleRateHz, whenBehind, waiting: 3 };
  const place = ({ startSeconds, endSeconds }: StreamAnswer) => ({
    startSeconds: offsetSeconds + startSeconds,
    endSeconds: offsetSeconds + endSeconds,
  });
  const windows = new SoundStream(network, {
    ...common,
    cut: { by: "hop", hopSeconds },
    onAnswer: (answer) => {
      onSpeed(msOf(answer), answer.endSeconds - answered);
      answered = answer.endSeconds;
      onResult({ kind: "window", ...place(answer), cut: "clock", ...said(answer) });
    },
  });
  // A model of whole recordings knows no cycles.
  const cycles =
    description.unit === "recording"
      ? undefined
      : new SoundStream(network, {
          ...common,
          cut: marks.length > 0 ? { by: "annotation", cycles: marks } : { by: "energy" },
          onAnswer: (answer) => {
            onSpeed(msOf(answer), 0);
            const cut: Cut = marks.length > 0 ? "annotated" : "approximate";
            const annotated = markAt(marks, answer)?.label;
            onResult({
              kind: "cycle",
              ...place(answer),
              cut,
              ...(annotated !== undefined && { annotated }),
              ...said(answer),
            });
          },
        });
  const both = [windows, ...(cycles ? [cycles] : [])];
  return {
    push: async (samples) => void (await Promise.all(both.map((stream) => stream.push(samples)))),
    end: async () => void (await Promise.all(both.map((stream) => stream.end()))),
    stop: async () => void (await Promise.all(both.map((stream) => stream.stop()))),
    answeredSeconds: () => offsetSeconds + answered,
    dropped: () => both.reduce((sum, stream) => sum + stream.state().dropped, 0),
  };
}

export function said({
  label,
  probabilities,
  silent,
}: Answer): Pick<StretchResult, "label" | "probabilities" | "silent"> {
  return { label, probabilities, silent };
}

export function msOf({ featureSeconds, networkSeconds }: Answer): number {
  return 1000 * (featureSeconds + networkSeconds);
}

/** The mark that a stretch came from: it begins and ends at whole samples. */
function markAt(marks: readonly Mark[], { startSeconds, endSeconds }: StreamAnswer): Mark | undefined {
  const near = (a: number, b: number) => Math.abs(a - b) < 0.002;
  return marks.find((mark) => near(mark.startSeconds, startSeconds) && near(mark.endSeconds, endSeconds));
}
