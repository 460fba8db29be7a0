import { ByteReader } from "./byteReader.js";
import { unpickle } from "./pickle.js";
import { described, quoted } from "./pickleValues.js";
import type { TorchFile } from "./torchFile.js";
import { TorchHost } from "./torchTensors.js";

const MAGIC = 0x1950a86a20f9469cfc6cn;
const PROTOCOL = 1001;

/**
 * Reads what `torch.save` wrote before PyTorch 1.6, and writes when asked to: five pickles (magic number, version, machine, value, keys of
 * storages), then the storages in that order, each after its count of values.
 *
 * @throws Error that says what is refused or broken
 */
export function readTorchLegacy(bytes: Uint8Array): TorchFile {
  const host = new TorchHost();
  let at = 0;
  const next = () => {
    const { value, end } = unpickle(bytes, host, at);
    at = end;
    return value;
  };
  if (next() !== MAGIC) throw new Error("it is a pickle, but not of torch.save: its magic number is another");
  const version = next();
  if (version !== PROTOCOL) throw new Error(`its version is ${described(version)}; ${PROTOCOL} is read`);
  next(); // The machine that wrote it: storages are little endian on all.
  const value = next();
  const keys = next();
  if (!Array.isArray(keys)) throw new Error(`in place of its list of storages stands ${described(keys)}`);
  const reader = new ByteReader(bytes, "the file", at);
  const contents = new Map<string, Uint8Array>();
  for (const key of keys as unknown[]) {
    const storage = typeof key === "string" ? host.storages.get(key) : undefined;
    if (!storage) throw new Error(`its list of storages names ${described(key)}, which no tensor is made of`);
    if (contents.has(storage.key)) throw new Error(`its list of storages names ${quoted(storage.key)} twice`);
    const count = reader.uint64();
    if (count !== storage.count)
      throw new Error(`storage ${quoted(storage.key)} has ${count} values, and should have ${storage.count}`);
    contents.set(storage.key, reader.piece(count * storage.type.width));
  }
  return {
    value,
    bigEndian: false,
    storageBytes({ key, view }) {
      const content = contents.get(view?.key ?? key);
      if (!content) throw new Error(`storage ${quoted(view?.key ?? key)} is not in the file`);
      return content;
    },
  };
}
