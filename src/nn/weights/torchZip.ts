import { unpickle } from "./pickle.js";
import { quoted } from "./pickleValues.js";
import { StoredZip } from "./storedZip.js";
import type { TorchFile } from "./torchFile.js";
import { TorchHost } from "./torchTensors.js";

/**
 * Reads what `torch.save` writes since PyTorch 1.6: a zip archive of `NAME/data.pkl`, `NAME/data/KEY` for each storage, and
 * `NAME/byteorder`.
 *
 * @throws Error that says what is refused or broken
 */
export function readTorchZip(bytes: Uint8Array): TorchFile {
  const zip = new StoredZip(bytes);
  const { names } = zip;
  const pickles = names.filter((name) => /^[^/]+\/data\.pkl$/.test(name));
  if (pickles.length !== 1)
    throw new Error(`it is a zip archive, but not of torch.save: it has ${pickles.length} entries data.pkl, not one`);
  const folder = pickles[0]!.slice(0, -"data.pkl".length);
  if (names.includes(`${folder}constants.pkl`))
    throw new Error("it is a TorchScript program, not a state dict; save the module's state_dict() with torch.save");
  const order = zip.read(`${folder}byteorder`);
  const byteOrder = order ? new TextDecoder().decode(order) : "little";
  if (byteOrder !== "little" && byteOrder !== "big") throw new Error(`its byte order is ${quoted(byteOrder)}`);
  const host = new TorchHost();
  const { value } = unpickle(zip.read(pickles[0]!)!, host);
  const read = new Map<string, Uint8Array>();
  return {
    value,
    bigEndian: byteOrder === "big",
    storageBytes({ key, count, type, view }) {
      if (view) throw new Error(`storage ${quoted(key)} is a part of another, which this format does not have`);
      const content = read.get(key) ?? zip.read(`${folder}data/${key}`);
      if (!content) throw new Error(`storage ${quoted(key)} is not in the archive`);
      read.set(key, content);
      if (count * type.width > content.length)
        throw new Error(`storage ${quoted(key)} has ${content.length} bytes, and should hold ${count} values`);
      return content;
    },
  };
}
