import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { decodeSafetensors, encodeSafetensors, type NamedTensor } from "../nn/weights/safetensors.js";
import { writeFileAtomic, writeJsonAtomic } from "../node/atomicFile.js";

/** What a checkpoint says of itself; `state` is the trainer's own JSON. */
interface CheckpointHeader<State> {
  signature: string;
  /** Over signature, state and the file of tensors. */
  sha256: string;
  state: State;
}

const TENSORS = "state.safetensors";
const HEADER = "state.json";
/** The newest and the one before it, which serves when the newest is damaged. */
const KEPT = 2;

/**
 * A series of checkpoints in one folder. Each is a folder of its own whose header is written last and holds the digest of
 * all of it: a checkpoint without a valid header does not exist, so a kill at any moment leaves the one before it in force.
 */
export class Checkpoints<State> {
  readonly folder: string;
  private readonly signature: string;

  /** @param signature the run's; a checkpoint of another run is refused */
  constructor(folder: string, signature: string) {
    this.folder = folder;
    this.signature = signature;
  }

  /** Writes, syncs, reads back and only then counts. `index` must grow from call to call. */
  save(index: number, tensors: Map<string, NamedTensor>, state: State): void {
    const folder = path.join(this.folder, String(index).padStart(6, "0"));
    mkdirSync(folder, { recursive: true });
    rmSync(path.join(folder, HEADER), { force: true });
    const bytes = encodeSafetensors(tensors);
    const file = path.join(folder, TENSORS);
    writeFileAtomic(file, bytes);
    const { signature } = this;
    const sha256 = digestOf(signature, state, bytes);
    if (digestOf(signature, state, readFileSync(file)) !== sha256)
      throw new Error(`${file}: what was written is not what is read back`);
    writeJsonAtomic(path.join(folder, HEADER), { signature, sha256, state } satisfies CheckpointHeader<State>);
    for (const old of this.names().slice(0, -KEPT))
      rmSync(path.join(this.folder, old), { recursive: true, force: true });
  }

  /** The newest checkpoint that is whole, or undefined; tells `warn` of each that was passed over. */
  latest(warn: (message: string) => void): { tensors: Map<string, NamedTensor>; state: State } | undefined {
    for (const name of this.names().reverse()) {
      const folder = path.join(this.folder, name);
      if (!existsSync(path.join(folder, HEADER))) {
        warn(`checkpoint ${name} was not finished; using the one before it`);
        continue;
      }
      let found: { tensors: Map<string, NamedTensor>; header: CheckpointHeader<State> };
      try {
        const header = JSON.parse(readFileSync(path.join(folder, HEADER), "utf8")) as CheckpointHeader<State>;
        const bytes = readFileSync(path.join(folder, TENSORS));
        if (digestOf(header.signature, header.state, bytes) !== header.sha256)
          throw new Error("its digest does not fit");
        found = { header, tensors: decodeSafetensors(bytes) };
      } catch (error) {
        warn(`checkpoint ${name} is damaged (${(error as Error).message}); using the one before it`);
        continue;
      }
      if (found.header.signature !== this.signature) {
        throw new Error(
          `${folder} belongs to another run (signature ${found.header.signature}, wanted ${this.signature})`,
        );
      }
      return { tensors: found.tensors, state: found.header.state };
    }
    return undefined;
  }

  private names(): string[] {
    if (!existsSync(this.folder)) return [];
    return readdirSync(this.folder)
      .filter((name) => /^\d+$/.test(name))
      .sort();
  }
}

/** The state as JSON text, whose order of keys survives writing and reading. */
function digestOf(signature: string, state: unknown, bytes: Uint8Array): string {
  const hash = createHash("sha256").update(JSON.stringify([signature, state]));
  return hash.update(bytes).digest("hex");
}
