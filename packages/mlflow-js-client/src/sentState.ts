import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { countLines, spoolFileName } from "./spoolReader.js";

/** How far a spool was sent to one server. */
export interface SentState {
  /** Bytes of the spool that the server has acknowledged. */
  offset: number;
  /**
   * Where the records of files before `offset` begin that the artefact store did not take yet, in order: they hold up
   * nothing else.
   */
  deferred?: number[];
  /** The `fingerprint` of the spool at `offset`. */
  tail?: string;
  /** The key that the run was made with; none where the run was there before its spool. */
  key?: string;
  runId?: string;
  experimentId?: string;
  artifactUri?: string;
  parentRunId?: string;
  /** When the run began, in milliseconds since 1970. */
  startTime?: number;
  /** The run's status as it was last sent. */
  status?: string;
  /** Values that the server or the client refused for good. */
  rejected: number;
  /** Lines before `offset` that a crash or a bad disk spoiled. */
  damaged: number;
  /** How many values go into one request: fewer than the limit for a server that did not answer in time. */
  valuesPerRequest?: number;
  /** When this was last changed, in milliseconds since 1970. */
  time: number;
}

const nothingSent: SentState = { offset: 0, rejected: 0, damaged: 0, time: 0 };

/** The state of one server, kept beside the spool in `sent.json`. A server is known by a name that outlives its address. */
export function readSentState(folder: string, server: string): SentState {
  const states = readSentStates(folder);
  const state = Object.hasOwn(states, server) ? states[server] : undefined;
  const usable = Number.isSafeInteger(state?.offset) && (state?.offset ?? -1) >= 0;
  return { ...nothingSent, ...(usable ? state : undefined) };
}

/** How many records the server has not acknowledged. */
export function pendingRecords(folder: string, state: SentState | undefined): number {
  return countLines(path.join(folder, spoolFileName), state?.offset ?? 0) + (state?.deferred?.length ?? 0);
}

/** Whether everything before that offset of the spool was acknowledged. */
export function isSentTo(state: SentState, offset: number): boolean {
  return state.offset >= offset && !state.deferred?.some((start) => start < offset);
}

/** Replaces the state of one server; a kill at any moment leaves the old one or the new one. */
export function writeSentState(folder: string, server: string, state: SentState): void {
  const servers = { ...readSentStates(folder), [server]: { ...state, time: Date.now() } };
  const file = path.join(folder, "sent.json");
  // Only the holder of `sending.lock` writes.
  const beside = `${file}.tmp`;
  writeFileSync(beside, `${JSON.stringify({ servers }, null, 2)}\n`);
  renameSync(beside, file);
}

/** The states of all servers that the spool was sent to, by their names. */
export function readSentStates(folder: string): Record<string, SentState> {
  try {
    const { servers } = JSON.parse(readFileSync(path.join(folder, "sent.json"), "utf8")) as {
      servers?: Record<string, SentState>;
    };
    return typeof servers === "object" && servers !== null ? servers : {};
  } catch {
    // None yet. A lost state costs a second sending, which doubles nothing.
    return {};
  }
}

/** A value that was refused for good. */
export interface Rejection {
  /** When, in milliseconds since 1970. */
  time: number;
  server: string;
  what: unknown;
  why: string;
}

const rejectionsFile = (folder: string): string => path.join(folder, "rejected.jsonl");

/** What the server, or any server where none is named, refused for good, from `rejected.jsonl`. */
export function readRejections(folder: string, server?: string): Rejection[] {
  if (!existsSync(rejectionsFile(folder))) return [];
  const rejections: Rejection[] = [];
  for (const line of readFileSync(rejectionsFile(folder), "utf8").split("\n")) {
    try {
      const rejection = JSON.parse(line) as Rejection;
      if (server === undefined || rejection.server === server) rejections.push(rejection);
    } catch {
      // The empty end, or a line torn by a kill: what it held is refused and noted again.
    }
  }
  return rejections;
}

/** Keeps what one server refuses for good. The same value refused again, after a kill, is one. */
export class Rejections {
  readonly #folder: string;
  readonly #server: string;
  readonly #known: Set<string>;
  #torn: boolean;

  constructor(folder: string, server: string) {
    this.#folder = folder;
    this.#server = server;
    this.#known = new Set(readRejections(folder, server).map(({ what }) => JSON.stringify(what)));
    const text = existsSync(rejectionsFile(folder)) ? readFileSync(rejectionsFile(folder), "utf8") : "";
    this.#torn = text !== "" && !text.endsWith("\n");
  }

  get count(): number {
    return this.#known.size;
  }

  note(what: unknown, why: string): void {
    const text = JSON.stringify(what);
    if (this.#known.has(text)) return;
    const rejection: Rejection = { time: Date.now(), server: this.#server, what, why };
    // A line torn by a kill must not swallow this one.
    const start = this.#torn ? "\n" : "";
    this.#torn = true;
    appendFileSync(rejectionsFile(this.#folder), `${start}${JSON.stringify(rejection)}\n`);
    this.#torn = false;
    this.#known.add(text);
  }

  /** Forgets what this server refused: it has lost the run and is asked anew. */
  clear(): void {
    if (this.count === 0) return;
    const others = readRejections(this.#folder).filter(({ server }) => server !== this.#server);
    const file = rejectionsFile(this.#folder);
    writeFileSync(`${file}.tmp`, others.map((one) => `${JSON.stringify(one)}\n`).join(""));
    renameSync(`${file}.tmp`, file);
    this.#known.clear();
    this.#torn = false;
  }
}
