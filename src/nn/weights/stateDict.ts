import { described, type PickleDict, quoted } from "./pickleValues.js";
import { TorchTensor } from "./torchTensors.js";

export interface StateDict {
  tensors: Map<string, TorchTensor>;
  /** The keys under which it was found, such as "model"; empty: the file is the state dict. */
  under: string[];
  /** Values beside the tensors that are none. */
  others: number;
}

/** Where training programs put a state dict among other things; the first that is there is taken. */
const customary = ["state_dict", "model_state_dict", "model_state", "model", "net", "network", "module", "weights"];
/** Dicts within dicts that are looked into. */
const DEEPEST = 4;
const MOST_KEYS_SHOWN = 12;

/** Finds the tensors by name in a file's value. Throws an Error that lists the keys where there are none. */
export function findStateDict(value: unknown): StateDict {
  const under: string[] = [];
  for (let inner = value; ; ) {
    if (!(inner instanceof Map)) throw new Error(`it holds ${described(inner)}, not a state dict`);
    const dict: PickleDict = inner;
    const key = customary.find((name) => dict.get(name) instanceof Map);
    if (key === undefined) return tensorsOf(dict, under);
    if (under.length === DEEPEST) throw new Error(`its dicts are nested without an end: ${under.join(", ")}, ...`);
    under.push(key);
    inner = dict.get(key);
  }
}

function tensorsOf(dict: PickleDict, under: string[]): StateDict {
  const tensors = new Map<string, TorchTensor>();
  for (const [name, value] of dict) {
    if (value instanceof TorchTensor && typeof name === "string") tensors.set(name, value);
  }
  if (tensors.size > 0) return { tensors, under, others: dict.size - tensors.size };
  const keys = [...dict].slice(0, MOST_KEYS_SHOWN).map(([key, value]) => `${shown(key)} (${described(value)})`);
  const more = dict.size > keys.length ? `, and ${dict.size - keys.length} more` : "";
  const where = under.length > 0 ? ` under ${under.map(quoted).join(", ")}` : "";
  throw new Error(
    `no tensors are found in it${where}; its keys: ${keys.join(", ") || "none"}${more}. A state dict is looked for at the top and under ${customary.join(", ")}`,
  );
}

function shown(key: unknown): string {
  return typeof key === "string" ? quoted(key) : described(key);
}

/** What wrappers put before every name: data parallelism, `torch.compile`. */
const wrappers = ["module.", "_orig_mod."];

/** Takes a wrapper's prefix off, where every name has it. */
export function withoutWrapper<T>(tensors: ReadonlyMap<string, T>): { tensors: Map<string, T>; removed: string } {
  let bare = new Map(tensors);
  let removed = "";
  for (;;) {
    const names = [...bare.keys()];
    const prefix = wrappers.find((one) => names.every((name) => name.startsWith(one)));
    if (prefix === undefined || names.length === 0) return { tensors: bare, removed };
    bare = new Map([...bare].map(([name, tensor]) => [name.slice(prefix.length), tensor]));
    removed += prefix;
  }
}
