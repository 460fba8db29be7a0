import { type JsonPath, jsonErrorLine, jsonLineOf } from "../jsonLines.js";
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

/** What is wrong with one annotation file, and in which line. */
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
 * @throws AnnotationError saying what is wrong, where, and what would be right, without the file's name
 */
export function parseSprSoundAnnotation(text: string): SprSoundAnnotation {
  const body = text.startsWith("\ufeff") ? text.slice(1) : text;
  const refuse: Refuse = (path, what) => {
    throw new AnnotationError(what, jsonLineOf(body, path));
  };
  const value = parseJson(body);
  if (!isObject(value)) return refuse([], `holds ${describe(value)} where an object was expected`);

  const key = ["record_annotation", "recording_annotation"].find((name) => Object.hasOwn(value, name));
  if (!key) return refuse([], 'has neither "record_annotation" nor "recording_annotation"');
  const label = value[key];
  const recordLabel = typeof label === "string" ? recordLabelOf(label) : undefined;
  if (!recordLabel) return refuse([key], `${key} is ${describe(label)}; expected one of ${list(RECORD_LABELS)}`);

  const entries = value.event_annotation;
  if (!Array.isArray(entries)) {
    const place = entries === undefined ? [] : ["event_annotation"];
    return refuse(place, `event_annotation is ${describe(entries)}; expected a list of {start, end, type}`);
  }
  return { recordLabel, events: entries.map((entry, index) => readEvent(entry, index, refuse)) };
}

/** The line of a file that was read in which an event begins. */
export function eventLine(text: string, index: number): number | undefined {
  return jsonLineOf(text.startsWith("\ufeff") ? text.slice(1) : text, ["event_annotation", index]);
}

/** Ends with an error about the value at a path, or about what holds it where it is missing. */
type Refuse = (path: JsonPath, what: string) => never;

function readEvent(entry: unknown, index: number, refuse: Refuse): SprSoundEvent {
  const path = ["event_annotation", index];
  const where = `event ${index + 1}`;
  if (!isObject(entry)) return refuse(path, `${where} is ${describe(entry)}; expected {start, end, type}`);
  const at = (key: string) => (Object.hasOwn(entry, key) ? [...path, key] : path);
  const type = typeof entry.type === "string" ? eventTypeOf(entry.type) : undefined;
  if (!type) {
    return refuse(at("type"), `${where}: type is ${describe(entry.type)}; expected one of ${list(EVENT_TYPES)}`);
  }
  const [startMs, endMs] = ["start", "end"].map((key) => {
    const number = readMilliseconds(entry[key]);
    if (number !== undefined) return number;
    return refuse(at(key), `${where}: ${key} is ${describe(entry[key])}; expected milliseconds, 0 or more`);
  }) as [number, number];
  if (endMs <= startMs) {
    return refuse(at("end"), `${where}: ends at ${endMs} ms, not after its start at ${startMs} ms`);
  }
  return { type, startSeconds: startMs / 1000, endSeconds: endMs / 1000 };
}

function readMilliseconds(value: unknown): number | undefined {
  const digits = typeof value === "string" && /^\s*\d+(\.\d+)?\s*$/.test(value);
  const number = typeof value === "number" || digits ? Number(value) : Number.NaN;
  return Number.isFinite(number) && number >= 0 ? number : undefined;
}

function parseJson(body: string): unknown {
  if (body.trim() === "") throw new AnnotationError("is empty; expected a JSON object", 1);
  try {
    return JSON.parse(body);
  } catch (error) {
    // The engine tells the place in some messages only, so it is looked for.
    const message = (error instanceof Error ? error.message : String(error)).replace(/\s+/g, " ");
    throw new AnnotationError(`is not valid JSON (${shortened(message, 120)})`, jsonErrorLine(body) ?? 1);
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function describe(value: unknown): string {
  if (value === undefined) return "missing";
  try {
    return shortened(JSON.stringify(value), 60);
  } catch {
    return "nested too deeply"; // what can be parsed cannot always be printed
  }
}

function shortened(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 3)}...` : text;
}

function list(names: readonly string[]): string {
  return names.map((name) => JSON.stringify(name)).join(", ");
}
