import { createHash } from "node:crypto";
import { closeSync, fstatSync, openSync, readFileSync } from "node:fs";
import path from "node:path";
import { UserError } from "../../userError.js";
import { quoted } from "./pickleValues.js";
import { decodeSafetensors, type NamedTensor } from "./safetensors.js";
import { findStateDict, withoutWrapper } from "./stateDict.js";
import type { TorchFile } from "./torchFile.js";
import { readTorchLegacy } from "./torchLegacy.js";
import { tensorValues } from "./torchTensors.js";
import { readTorchZip } from "./torchZip.js";

/** A file of weights: float32 tensors by the names that the file has. */
export interface WeightsFile {
  /** Its name, without the folder. */
  name: string;
  sha256: string;
  format: "safetensors" | "torch" | "torch (before 1.6)";
  tensors: Map<string, NamedTensor>;
  /** What is not among the tensors: whole numbers (`num_batches_tracked`) and what is no tensor. */
  leftOut: number;
  /** Where the state dict was, such as `under "model"`, and which prefix was taken off its names; empty where neither. */
  found: string;
}

/** Node reads no larger file at once. */
const LARGEST = 2 ** 31 - 1;
/** A file of halves needs twice its size as float32; the rest is for tensors that share values. */
const MOST_TIMES_THE_FILE = 4;

/**
 * Reads a file of weights by its content, whatever its name: PyTorch's `.pth` (zip and the older format) or safetensors. Nothing in it is
 * run, and memory stays within a small multiple of its size.
 *
 * @throws UserError that names the file and what is wrong with it
 */
export function readWeightsFile(file: string): WeightsFile {
  const bytes = readBytes(file);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  try {
    return { name: path.basename(file), sha256, ...parseWeights(bytes) };
  } catch (error) {
    throw new UserError(`${file}: ${printable((error as Error).message)}`);
  }
}

const LONGEST_MESSAGE = 2000;

/** A message may hold names of the file's. */
function printable(message: string): string {
  return message.slice(0, LONGEST_MESSAGE).replace(/\p{C}/gu, "?");
}

function readBytes(file: string): Uint8Array {
  let handle: number | undefined;
  try {
    handle = openSync(file, "r");
    const status = fstatSync(handle);
    if (!status.isFile()) throw new Error("it is not a file");
    if (status.size > LARGEST) throw new Error(`it has ${status.size} bytes; files of weights are read up to 2 GB`);
    return readFileSync(handle);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UserError(`${file}: ${code === "ENOENT" ? "there is no such file" : message}`);
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}

/** What `readWeightsFile` reads, from bytes. Throws an Error without the file's name. */
export function parseWeights(bytes: Uint8Array): Omit<WeightsFile, "name" | "sha256"> {
  const starts = (text: string, at = 0) => text.split("").every((char, i) => bytes[at + i] === char.charCodeAt(0));
  if (bytes.length === 0) throw new Error("it is empty");
  // First: a header's length may begin like either of the others.
  if (starts("\0\0\0{", 5)) return { format: "safetensors", ...fromSafetensors(bytes) };
  if (starts("PK")) return { format: "torch", ...fromTorch(readTorchZip(bytes), bytes.length) };
  if (starts("\x80")) return { format: "torch (before 1.6)", ...fromTorch(readTorchLegacy(bytes), bytes.length) };
  const format = starts("\x89HDF") ? " (it is HDF5)" : starts("ustar", 257) ? " (it is a tar archive)" : "";
  throw new Error(`it is neither a file of torch.save nor safetensors${format}`);
}

type Found = Pick<WeightsFile, "tensors" | "leftOut" | "found">;

function fromTorch(file: TorchFile, fileBytes: number): Found {
  const state = findStateDict(file.value);
  const { tensors: described, removed } = withoutWrapper(state.tensors);
  const floats = [...described].filter(([, { storage }]) => storage.type.float);
  const bytes = floats.reduce((sum, [, { size }]) => sum + 4 * size, 0);
  if (bytes > MOST_TIMES_THE_FILE * fileBytes)
    throw new Error(`its tensors would fill ${bytes} bytes, far more than the file's ${fileBytes}`);
  const tensors = new Map<string, NamedTensor>();
  for (const [name, tensor] of floats) {
    try {
      const values = tensorValues(tensor, file.storageBytes(tensor.storage), file.bigEndian);
      tensors.set(name, { dtype: "F32", shape: [...tensor.shape], values });
    } catch (error) {
      throw new Error(`tensor ${quoted(name)}: ${(error as Error).message}`);
    }
  }
  const under = state.under.length > 0 ? [`under ${state.under.map(quoted).join(", ")}`] : [];
  const prefix = removed ? [`${quoted(removed)} taken off the names`] : [];
  const leftOut = state.others + described.size - floats.length;
  return { tensors, leftOut, found: [...under, ...prefix].join(", ") };
}

function fromSafetensors(bytes: Uint8Array): Found {
  let leftOut = 0;
  const { tensors: all, removed } = withoutWrapper(decodeSafetensors(bytes, () => leftOut++));
  const tensors = new Map([...all].filter(([, { dtype }]) => dtype === "F32"));
  leftOut += all.size - tensors.size;
  return { tensors, leftOut, found: removed ? `${quoted(removed)} taken off the names` : "" };
}
