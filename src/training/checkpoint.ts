import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { type NamedTensor, readSafetensors, safetensorsParts } from "../nn/weights/safetensors.js";
import { syncFolder, writeFileSynced } from "../node/atomicFile.js";
import { fileSha256, partsSha256 } from "../node/fileSha256.js";
import { UserError } from "../userError.js";
import { CheckpointError } from "./checkpointError.js";
import { Interrupted } from "./interrupted.js";
import { describeDifferences, differences, type RunIdentity } from "./runIdentity.js";

/** Where a run stands: epochs that are done, and steps of the next one. */
export interface Position {
  epoch: number;
  step: number;
}

/** `state.json`: what a checkpoint says of itself. */
interface Header<State> {
  format: typeof FORMAT;
  identity: RunIdentity;
  /** The trainer's own JSON. */
  state: State;
  /** Of `state.safetensors`. */
  tensorsSha256: string;
  /** Of all the above. */
  sha256: string;
}

export interface FoundCheckpoint<State> {
  at: Position;
  tensors: Map<string, NamedTensor>;
  state: State;
  /** Circumstances that are others now, in words; empty where the run goes on as if it had never stopped. */
  changes: string[];
}

const FORMAT = 2;
const TENSORS = "state.safetensors";
const HEADER = "state.json";
const UNFINISHED = ".tmp";
/** The newest and the one before it, which serves when the newest is damaged. */
const KEPT = 2;

/**
 * A series of checkpoints in one folder, each a folder of its own, named by its position: "000003-000120" holds three finished epochs
 * and 120 steps of the fourth. One is written beside its place, synced, read back and compared, and only then renamed: at whatever
 * moment a process is killed, the one before stays in force.
 */
export class Checkpoints<State> {
  readonly folder: string;
  private readonly identity: RunIdentity;
  private readonly mayWrite: () => void;

  /** @param mayWrite called before each checkpoint is put in its place: throws Interrupted where another process has the run by now */
  constructor(folder: string, identity: RunIdentity, mayWrite: () => void = () => {}) {
    this.folder = folder;
    this.identity = identity;
    this.mayWrite = mayWrite;
  }

  /**
   * Throws CheckpointError when the disk does not take it or gives back something else; nothing half-made stays then. The caller sees to
   * it that the tensors are finite.
   */
  save(at: Position, tensors: Map<string, NamedTensor>, state: State): void {
    const before = this.names()
      .filter((name) => name < nameOf(at))
      .at(-1);
    const place = path.join(this.folder, nameOf(at));
    const beside = place + UNFINISHED;
    try {
      mkdirSync(this.folder, { recursive: true });
      this.remove((name) => name.endsWith(UNFINISHED));
      mkdirSync(beside);
      this.fill(beside, tensors, state);
      this.mayWrite();
      rmSync(place, { recursive: true, force: true });
      renameSync(beside, place);
      syncFolder(this.folder);
    } catch (error) {
      removeIfPossible(beside);
      if (error instanceof Interrupted) throw error;
      throw new CheckpointError(this.folder, before, error as Error);
    }
    // What lies further on is damaged: `latest` has passed it over.
    const kept = this.names()
      .filter((name) => name <= nameOf(at))
      .slice(-KEPT);
    this.remove((name) => /^\d/.test(name) && !kept.includes(name));
  }

  /**
   * The newest checkpoint that is whole, or undefined. Tells `warn` of each that was passed over, and of circumstances that are others
   * now. Throws UserError, saying what differs, when it is of another run.
   */
  latest(warn: (message: string) => void): FoundCheckpoint<State> | undefined {
    for (const name of this.names().reverse()) {
      let found: { header: Header<State>; tensors: Map<string, NamedTensor> };
      try {
        found = read<State>(path.join(this.folder, name));
      } catch (error) {
        warn(`checkpoint ${name} is damaged (${(error as Error).message}); using the one before it`);
        continue;
      }
      const { identity, state } = found.header;
      this.requireSameRun(identity, name);
      const others = differences(identity.circumstances, this.identity.circumstances);
      const changes = others.length === 0 ? [] : [describeDifferences(others)];
      if (changes.length > 0)
        warn(`going on from checkpoint ${name} under other circumstances: ${changes[0]}. ${NO_LONGER_EQUAL}`);
      const [epoch, step] = name.split("-").map(Number);
      return { at: { epoch: epoch!, step: step! }, tensors: found.tensors, state, changes };
    }
    return undefined;
  }

  private requireSameRun(stored: RunIdentity, name: string): void {
    const others = differences(stored.settings, this.identity.settings);
    if (others.length === 0 && stored.signature !== this.identity.signature)
      others.push({ name: "signature", was: stored.signature, is: this.identity.signature });
    if (others.length === 0) return;
    throw new UserError(
      `${path.join(this.folder, name)} belongs to another run: ${describeDifferences(others)}. Ask for what it was to go on with it, or remove the folder to begin anew`,
    );
  }

  private fill(folder: string, tensors: Map<string, NamedTensor>, state: State): void {
    const parts = safetensorsParts(tensors);
    const tensorsSha256 = partsSha256(parts);
    const body = { format: FORMAT, identity: this.identity, state, tensorsSha256 } as const;
    const header = `${JSON.stringify({ ...body, sha256: digestOf(body) } satisfies Header<State>, null, 2)}\n`;
    writeFileSynced(path.join(folder, TENSORS), parts);
    writeFileSynced(path.join(folder, HEADER), header);
    syncFolder(folder);
    if (
      fileSha256(path.join(folder, TENSORS)) !== tensorsSha256 ||
      readFileSync(path.join(folder, HEADER), "utf8") !== header
    )
      throw new Error("what was written is not what is read back");
  }

  /** Of what counts, oldest first. */
  private names(): string[] {
    return this.entries().filter((name) => /^\d+(-\d+)?$/.test(name));
  }

  private remove(which: (name: string) => boolean): void {
    for (const name of this.entries().filter(which)) removeIfPossible(path.join(this.folder, name));
  }

  private entries(): string[] {
    return existsSync(this.folder) ? readdirSync(this.folder).sort() : [];
  }
}

const NO_LONGER_EQUAL =
  "The result may differ in the last bits from that of a run never stopped; the run's record says so";

function nameOf({ epoch, step }: Position): string {
  return [epoch, step].map((number) => String(number).padStart(6, "0")).join("-");
}

function read<State>(folder: string): { header: Header<State>; tensors: Map<string, NamedTensor> } {
  const header = JSON.parse(readFileSync(path.join(folder, HEADER), "utf8")) as Header<State>;
  if (header.format !== FORMAT) throw new Error(`its format is ${header.format}, this version reads ${FORMAT}`);
  const { sha256, ...body } = header;
  if (digestOf(body) !== sha256) throw new Error(`the digest of ${HEADER} does not fit`);
  const file = path.join(folder, TENSORS);
  if (fileSha256(file) !== header.tensorsSha256) throw new Error(`the digest of ${TENSORS} does not fit`);
  return { header, tensors: readSafetensors(file) };
}

/** Of the JSON text, whose order of keys survives writing and reading. */
function digestOf(body: object): string {
  return createHash("sha256").update(JSON.stringify(body)).digest("hex");
}

/** On a disk that refuses even this, what is left does no harm: it does not count. */
function removeIfPossible(place: string): void {
  try {
    rmSync(place, { recursive: true, force: true });
  } catch {}
}
