/** The part of the standard that is used here; TypeScript has it only in the library of browsers. */
interface WebAssemblyApi {
  Module: new (bytes: Uint8Array) => object;
  Memory: new (options: { initial: number }) => { buffer: ArrayBuffer };
  Instance: new (module: object, imports: object) => { exports: unknown };
}

const PAGE_BYTES = 65536;

function api(): WebAssemblyApi | undefined {
  return (globalThis as { WebAssembly?: WebAssemblyApi }).WebAssembly;
}

/** A compiled module, or undefined where WebAssembly or its vectors are missing or forbidden. */
export function compile(bytes: Uint8Array): object | undefined {
  try {
    const wasm = api();
    return wasm && new wasm.Module(bytes);
  } catch {
    return undefined;
  }
}

/** Functions of a module on a memory of their own, all zeros. */
export function instantiate<Exports>(module: object, memoryBytes: number): { exports: Exports; memory: ArrayBuffer } {
  const wasm = api()!;
  const memory = new wasm.Memory({ initial: Math.ceil(memoryBytes / PAGE_BYTES) });
  const { exports } = new wasm.Instance(module, { env: { memory } });
  return { exports: exports as Exports, memory: memory.buffer };
}

/** Hands out places in a memory, one behind the other. */
export class Layout {
  bytes = 0;

  /**
   * @param bytes how many
   * @param pageOffset where in a page of 4096 bytes they begin, a multiple of 64; default: wherever there is room
   * @returns their address, on a line of the processor's cache
   */
  place(bytes: number, pageOffset?: number): number {
    const address = pageOffset === undefined ? this.bytes : this.bytes + ((pageOffset - this.bytes) & 4095);
    this.bytes = Math.ceil((address + bytes) / 64) * 64;
    return address;
  }
}
