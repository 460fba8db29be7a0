import type { TorchStorage } from "./torchTensors.js";

/** A file of `torch.save`, unpickled: its value, and where the values of its tensors are. */
export interface TorchFile {
  value: unknown;
  bigEndian: boolean;
  /** The bytes of a storage; of the whole one, where that is a part. Throws an Error where they are not all there. */
  storageBytes(storage: TorchStorage): Uint8Array;
}
