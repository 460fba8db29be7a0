import { type OpenedWav, openWav, type WavHeader } from "../../audio/wav.js";
import { requireRate, standingPart } from "../../inference/standingPart.js";
import { blobSource } from "../../inference/wavSource.js";
import { type Mark, readAnnotation, usableMarks } from "../listening/annotation.js";
import type { Precision, StretchResult } from "../listening/results.js";
import { inModelsWords } from "../listening/unit.js";
import type { PageNetwork } from "./loadedModel.js";
import type { FromWorker, ListeningModel, ToWorker } from "./messages.js";
import { msOf, said, soundListener } from "./soundListener.js";

export interface Tools {
  network: PageNetwork;
  description: ListeningModel;
  post(message: FromWorker): void;
  /** Time that an answer took, and the seconds of sound that are new in it. */
  onSpeed(precision: Precision, ms: number, seconds: number): void;
}

type Asked = Extract<ToWorker, { type: "open" }>;

/**
 * Listens to a file, a second at a time; no more of it is in memory.
 * @param signal gives up what is left
 * @param turn waited for between two seconds: a microphone goes first
 * @throws UserError for what is no WAV file or has a rate that cannot be
 */
export async function listenToFile(
  asked: Asked,
  tools: Tools,
  signal: AbortSignal,
  turn: () => Promise<void>,
): Promise<void> {
  const { id, file, name, precision, hopSeconds } = asked;
  const { network, description, post, onSpeed } = tools;
  const began = performance.now();
  const wav = await openWav(blobSource(file, name));
  requireRate(wav.header.sampleRateHz);
  const { sampleRateHz, frames } = wav.header;
  const seconds = frames / sampleRateHz;
  const { marks, notes, recordLabel } = await annotationOf(asked.annotation, seconds, description);
  post({
    ...{ type: "opened", id, sampleRateHz, seconds, form: formOf(wav.header), marks },
    notes: [...wav.header.warnings, ...notes],
    ...(recordLabel !== undefined && { recordLabel }),
    cut: marks.length > 0 ? "annotated" : "approximate",
  });
  let silent = 0;
  let pending: StretchResult[] = [];
  const take = (result: StretchResult) => {
    if (result.silent) silent++;
    pending.push(result);
  };
  const flush = () => {
    if (pending.length > 0) post({ type: "results", id, precision, results: pending });
    pending = [];
  };
  const listener = soundListener({
    ...{ network, description, sampleRateHz, marks, hopSeconds, whenBehind: "wait", onResult: take },
    onSpeed: (ms, fresh) => onSpeed(precision, ms, fresh),
  });
  for (let first = 0; first < frames; first += sampleRateHz) {
    await turn();
    if (signal.aborted) return listener.stop();
    await listener.push(await wav.read(first, first + sampleRateHz));
    flush();
    post({ type: "passed", id, precision, seconds: Math.min(frames, first + sampleRateHz) / sampleRateHz });
    // Lets messages in: a file that was removed, a microphone that begins.
    await new Promise((resolve) => setTimeout(resolve));
  }
  await listener.end();
  if (description.unit === "recording") take(await wholeRecording(wav, recordLabel, asked, tools));
  flush();
  const silence = silent > 0 ? [`silence in ${silent} stretches: their answers say nothing`] : [];
  post({ type: "done", id, precision, seconds, tookMs: performance.now() - began, notes: silence });
}

/** The recording as its task has it: of more than a minute the part that stands for it. */
async function wholeRecording(
  { header, read }: OpenedWav,
  recordLabel: string | undefined,
  { precision }: Asked,
  { network, onSpeed }: Tools,
): Promise<StretchResult> {
  const { sampleRateHz } = header;
  const { first, end } = standingPart(header, network.keeps);
  const answer = await network.classify(await read(first, end), sampleRateHz);
  onSpeed(precision, msOf(answer), 0);
  return {
    ...{ kind: "recording", startSeconds: first / sampleRateHz, endSeconds: end / sampleRateHz, cut: "whole" },
    ...(recordLabel !== undefined && { annotated: recordLabel }),
    ...said(answer),
  };
}

function formOf({ sampleRateHz, channels, bitsPerSample, encoding }: WavHeader): string {
  const count = channels === 1 ? "1 channel" : `${channels} channels`;
  return `${sampleRateHz / 1000} kHz, ${count}, ${bitsPerSample} bits${encoding === "float" ? " (floating point)" : ""}`;
}

/** What a person marked, in the words of the model's labels. A file that cannot be used is a note: the sound can be listened to without. */
async function annotationOf(
  given: Asked["annotation"],
  seconds: number,
  { identity }: ListeningModel,
): Promise<{ marks: Mark[]; notes: string[]; recordLabel?: string }> {
  if (!given) return { marks: [], notes: [] };
  const worded = (label: string) => inModelsWords(label, identity.task, identity.labels) ?? label;
  try {
    const read = readAnnotation(given.name, await given.file.text());
    const { marks, notes } = usableMarks(read.marks, seconds);
    return {
      marks: marks.map((mark) => ({ ...mark, label: worded(mark.label) })),
      notes: [...read.notes, ...notes],
      ...(read.recordLabel !== undefined && { recordLabel: worded(read.recordLabel) }),
    };
  } catch (error) {
    return { marks: [], notes: [`${given.name} was not used: ${(error as Error).message}`] };
  }
}
