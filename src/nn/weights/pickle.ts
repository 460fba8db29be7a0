import { ByteReader } from "./byteReader.js";
import { described, Known, quoted, Tuple } from "./pickleValues.js";

/** What the pickle's reader allows beyond plain values. */
export interface PickleHost {
  /** What `module.name` stands for; undefined: it is refused. */
  find(module: string, name: string): Known | undefined;
  /** The object behind a persistent id. Throws for what it does not know. */
  persistent(id: unknown): unknown;
}

/**
 * Far more than any file of weights needs (some 40 a tensor). It bounds memory: an operation of one byte makes at most one small object, and
 * everything longer is in the file itself.
 */
const MOST_OPERATIONS = 1_000_000;

/** Operations that torch never writes, by their code; all are refused. */
const refused = new Map<number, string>(
  Object.entries({
    I: "INT", L: "LONG", F: "FLOAT", S: "STRING", V: "UNICODE", p: "PUT", g: "GET", P: "PERSID", i: "INST", o: "OBJ",
    "\x81": "NEWOBJ", "\x92": "NEWOBJ_EX", "\x82": "EXT1", "\x83": "EXT2", "\x84": "EXT4", "\x8f": "EMPTY_SET",
    "\x90": "ADDITEMS", "\x91": "FROZENSET", "\x96": "BYTEARRAY8", "\x97": "NEXT_BUFFER", "\x98": "READONLY_BUFFER",
  }).map(([code, name]) => [code.charCodeAt(0), name]), // biome-ignore format: a table
);

interface Machine {
  reader: ByteReader;
  host: PickleHost;
  stack: unknown[];
  /** Heights of the stack at which a MARK stands. */
  marks: number[];
  memo: Map<number, unknown>;
}

/**
 * Reads one value from a pickle of protocol 2 to 5, of the operations that `torch.save` writes, and runs nothing: names are looked
 * up by the host, calls are made to its functions only. Memory stays within a small multiple of the bytes given.
 *
 * @returns the value, and the place after it
 * @throws Error that says what is refused or broken, and at which byte
 */
export function unpickle(bytes: Uint8Array, host: PickleHost, from = 0): { value: unknown; end: number } {
  const reader = new ByteReader(bytes, "the pickle", from);
  const machine: Machine = { reader, host, stack: [], marks: [], memo: new Map() };
  for (let count = 0; ; count++) {
    if (count === MOST_OPERATIONS) throw new Error(`the pickle has more than ${MOST_OPERATIONS} operations`);
    const at = reader.at;
    const code = reader.uint8();
    if (code === STOP) return { value: pop(machine), end: reader.at };
    const operation = operations.get(code);
    if (operation) operation(machine);
    else {
      const hex = `0x${code.toString(16).padStart(2, "0")}`;
      throw new Error(
        `the pickle's operation ${refused.get(code) ?? hex} at byte ${at} is not one of a file of weights`,
      );
    }
  }
}

const STOP = 0x2e;

type Operation = (machine: Machine) => void;

const push =
  (read: (machine: Machine) => unknown): Operation =>
  (machine) => {
    machine.stack.push(read(machine));
  };

/** As in Python's `pickle.py`, by code. */
const operations = new Map<number, Operation>(
  Object.entries({
    "\x80": ({ reader }) => {
      const protocol = reader.uint8();
      if (protocol < 2 || protocol > 5) throw new Error(`the pickle has protocol ${protocol}; 2 to 5 are read`);
    },
    // A frame groups what follows for buffering; its length says nothing more.
    "\x95": ({ reader }) => void reader.uint64(),

    // ---- plain values
    N: push(() => null),
    "\x88": push(() => true),
    "\x89": push(() => false),
    J: push(({ reader }) => reader.int32()),
    K: push(({ reader }) => reader.uint8()),
    M: push(({ reader }) => reader.uint16()),
    "\x8a": push(({ reader }) => wholeNumber(reader.piece(reader.uint8()))),
    "\x8b": push(({ reader }) => wholeNumber(reader.piece(reader.uint32()))),
    G: push(({ reader }) => reader.float64BigEndian()),
    X: push(({ reader }) => text(reader.piece(reader.uint32()))),
    "\x8c": push(({ reader }) => text(reader.piece(reader.uint8()))),
    "\x8d": push(({ reader }) => text(reader.piece(reader.uint64()))),
    // Python 2 wrote its texts so.
    T: push(({ reader }) => text(reader.piece(reader.uint32()))),
    U: push(({ reader }) => text(reader.piece(reader.uint8()))),
    B: push(({ reader }) => reader.piece(reader.uint32())),
    C: push(({ reader }) => reader.piece(reader.uint8())),
    "\x8e": push(({ reader }) => reader.piece(reader.uint64())),

    // ---- containers
    ")": push(() => new Tuple([])),
    t: push((machine) => new Tuple(popToMark(machine))),
    "\x85": push((machine) => new Tuple(popSome(machine, 1))),
    "\x86": push((machine) => new Tuple(popSome(machine, 2))),
    "\x87": push((machine) => new Tuple(popSome(machine, 3))),
    "]": push(() => []),
    l: push((machine) => popToMark(machine)),
    a: (machine) => append(machine, popSome(machine, 1)),
    e: (machine) => append(machine, popToMark(machine)),
    "}": push(() => new Map()),
    d: push((machine) => setItems(new Map(), popToMark(machine))),
    s: (machine) => {
      const items = popSome(machine, 2);
      setItems(top(machine), items);
    },
    u: (machine) => {
      const items = popToMark(machine);
      setItems(top(machine), items);
    },

    // ---- stack and memo
    "(": ({ marks, stack }) => void marks.push(stack.length),
    "0": (machine) => {
      if (machine.marks.at(-1) === machine.stack.length) machine.marks.pop();
      else pop(machine);
    },
    "1": (machine) => void popToMark(machine),
    "2": push((machine) => top(machine)),
    q: (machine) => void machine.memo.set(machine.reader.uint8(), top(machine)),
    r: (machine) => void machine.memo.set(machine.reader.uint32(), top(machine)),
    "\x94": (machine) => void machine.memo.set(machine.memo.size, top(machine)),
    h: push((machine) => recall(machine, machine.reader.uint8())),
    j: push((machine) => recall(machine, machine.reader.uint32())),

    // ---- names, calls, objects
    c: push((machine) => find(machine, line(machine.reader), line(machine.reader))),
    "\x93": push((machine) => {
      const [module, name] = popSome(machine, 2);
      if (typeof module !== "string" || typeof name !== "string")
        throw new Error(`the pickle names a class by ${described(module)} and ${described(name)}`);
      return find(machine, module, name);
    }),
    R: push((machine) => {
      const [callee, args] = popSome(machine, 2);
      if (!(callee instanceof Known && callee.call))
        throw new Error(`the pickle calls ${described(callee)}, which is not called in a file of weights`);
      if (!(args instanceof Tuple)) throw new Error(`the pickle calls ${callee.name} with ${described(args)}`);
      return callee.call(args.items);
    }),
    b: (machine) => {
      const [state] = popSome(machine, 1);
      const target = top(machine);
      // A state dict carries its modules' versions as an attribute, which nothing here needs.
      if (!(target instanceof Map && state instanceof Map))
        throw new Error(`the pickle sets the state of ${described(target)} (BUILD), which is not done`);
    },
    Q: push((machine) => machine.host.persistent(pop(machine))),
  } satisfies Record<string, Operation>).map(([code, operation]) => [code.charCodeAt(0), operation]),
);

function pop(machine: Machine): unknown {
  return popSome(machine, 1)[0];
}

/** The last `count` values, the oldest first. */
function popSome({ stack, marks, reader }: Machine, count: number): unknown[] {
  if (stack.length - count < (marks.at(-1) ?? 0))
    throw new Error(`the pickle takes more from its stack than is there, at byte ${reader.at - 1}`);
  return stack.splice(stack.length - count);
}

function popToMark({ stack, marks, reader }: Machine): unknown[] {
  const mark = marks.pop();
  if (mark === undefined) throw new Error(`the pickle ends a group that was not begun, at byte ${reader.at - 1}`);
  return stack.splice(mark);
}

function top({ stack, marks, reader }: Machine): unknown {
  if (stack.length <= (marks.at(-1) ?? 0))
    throw new Error(`the pickle takes more from its stack than is there, at byte ${reader.at - 1}`);
  return stack.at(-1);
}

function recall({ memo }: Machine, index: number): unknown {
  if (!memo.has(index)) throw new Error(`the pickle recalls value ${index}, which it never kept`);
  return memo.get(index);
}

function find({ host }: Machine, module: string, name: string): Known {
  const found = host.find(module, name);
  if (found) return found;
  throw new Error(
    `it holds ${quoted(`${module}.${name}`)}, which is neither a tensor nor a plain container, and nothing in it was run. If you trust the file, load it in Python and save only its state_dict()`,
  );
}

function append(machine: Machine, items: unknown[]): void {
  const list = top(machine);
  if (!Array.isArray(list)) throw new Error(`the pickle appends to ${described(list)}`);
  for (const item of items) list.push(item);
}

function setItems(dict: unknown, items: readonly unknown[]): unknown {
  if (!(dict instanceof Map)) throw new Error(`the pickle sets items of ${described(dict)}`);
  if (items.length % 2 !== 0) throw new Error("the pickle sets a key without a value");
  for (let i = 0; i < items.length; i += 2) {
    const key = items[i];
    if (Array.isArray(key) || key instanceof Map) throw new Error(`the pickle has ${described(key)} as a dict's key`);
    dict.set(key, items[i + 1]);
  }
  return dict;
}

/** Two's complement, little endian; the longest that torch writes has ten bytes. */
function wholeNumber(bytes: Uint8Array): number | bigint {
  if (bytes.length > 255) throw new Error(`the pickle has a whole number of ${bytes.length} bytes`);
  let value = 0n;
  for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]!);
  value = BigInt.asIntN(8 * bytes.length, value);
  const plain = Number(value);
  return Number.isSafeInteger(plain) ? plain : value;
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

function text(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

const NEWLINE = 0x0a;
/** Of a module's or a class's name. */
const LONGEST_LINE = 1000;

function line(reader: ByteReader): string {
  const end = reader.bytes.subarray(reader.at, reader.at + LONGEST_LINE).indexOf(NEWLINE);
  if (end < 0) throw new Error(`the pickle has a name without an end at byte ${reader.at}`);
  const found = text(reader.piece(end));
  reader.at++;
  return found;
}
