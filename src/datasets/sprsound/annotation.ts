import { EVENT_TYPES, type EventType, eventTypeOf, RECORD_LABELS, type RecordLabel, recordLabelOf } from "./labels.js";

export interface SprSoundEvent {
  readonly type: EventType;
  readonly startSeconds: number;
  readonly endSeconds: number;
}

export interface SprSoundAnnotation {
  recordLabel: RecordLabel;
  events: SprSoundEvent[];
}

/** What is wrong with one annotation file: `line` where a JSON error tells it. */
export class AnnotationError extends Error {
  readonly line: number | undefined;

  constructor(what: string, line?: number) {
    super(what);
    this.name = "AnnotationError";
    this.line = line;
  }
}

/**
 * Reads an annotation file. Released files say `record_annotation` and hold milliseconds as strings; the data set's front
 * page shows `recording_annotation` and numbers: both are taken.
 *
 * @param text the whole file
 * @throws AnnotationError saying what is wrong and what would be right, without the file's name
 */
export function parseSprSoundAnnotation(text: string): SprSoundAnnotation {
  const value = parseJson(text);
  if (!isObject(value)) throw new AnnotationError(`holds ${describe(value)} where an object was expected`);

  const key = ["record_annotation", "recording_annotation"].find((name) => name in value);
  if (!key) throw new AnnotationError('has neither "record_annotation" nor "recording_annotation"');
  const label = value[key];
  const recordLabel = typeof label === "string" ? recordLabelOf(label) : undefined;
  if (!recordLabel) {
    throw new AnnotationError(`${key} is ${describe(label)}; expected one of ${list(RECORD_LABELS)}`);
  }

  const entries = value.event_annotation;
  if (!Array.isArray(entries)) {
    throw new AnnotationError(`event_annotation is ${describe(entries)}; expected a list of {start, end, type}`);
  }
  return { recordLabel, events: entries.map((entry, index) => readEvent(entry, `event ${index + 1}`)) };
}

function readEvent(entry: unknown, where: string): SprSoundEvent {
  if (!isObject(entry)) throw new AnnotationError(`${where} is ${describe(entry)}; expected {start, end, type}`);
  const type = typeof entry.type === "string" ? eventTypeOf(entry.type) : undefined;
  if (!type) {
    throw new AnnotationError(`${where}: type is ${describe(entry.type)}; expected one of ${list(EVENT_TYPES)}`);
  }
  const startMs = readMilliseconds(entry.start, `${where}: start`);
  const endMs = readMilliseconds(entry.end, `${where}: end`);
  if (endMs <= startMs) {
    throw new AnnotationError(`${where}: ends at ${endMs} ms, not after its start at ${startMs} ms`);
  }
  return { type, startSeconds: startMs / 1000, endSeconds: endMs / 1000 };
}

function readMilliseconds(value: unknown, where: string): number {
  const digits = typeof value === "string" && /^\s*\d+(\.\d+)?\s*$/.test(value);
  const number = typeof value === "number" || digits ? Number(value) : Number.NaN;
  if (!Number.isFinite(number) || number < 0) {
    throw new AnnotationError(`${where} is ${describe(value)}; expected milliseconds, 0 or more`);
  }
  return number;
}

function parseJson(text: string): unknown {
  const body = text.startsWith("\ufeff") ? text.slice(1) : text;
  if (body.trim() === "") throw new AnnotationError("is empty; expected a JSON object");
  try {
    return JSON.parse(body);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const position = /position (\d+)/.exec(message)?.[1];
    // Not every message of the engine tells the place.
    const end = position !== undefined ? Number(position) : /end of JSON/.test(message) ? body.length : undefined;
    const line = end === undefined ? undefined : body.slice(0, end).split("\n").length;
    throw new AnnotationError(`is not valid JSON (${message.replace(/\s+/g, " ")})`, line);
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function describe(value: unknown): string {
  if (value === undefined) return "missing";
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function list(names: readonly string[]): string {
  return names.map((name) => JSON.stringify(name)).join(", ");
}
