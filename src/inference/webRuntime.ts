import * as ort from "onnxruntime-web/wasm";
import { onnxRuntime, type Runtime } from "./runtime.js";

export interface WebRuntimeOptions {
  /** Address of `ort-wasm-simd-threaded.wasm` of the onnxruntime-web that is bundled. */
  wasm: string;
  /** Of `ort-wasm-simd-threaded.mjs`, where it is not bundled (esbuild's condition `onnxruntime-web-use-extern-wasm`). */
  mjs?: string;
  /** Default 1. Two need a page that is isolated from other origins (COOP and COEP); without, there is one. */
  threads?: 1 | 2;
}

/** Threads that onnxruntime was started with: it is started once. */
let started: number | undefined;

/** onnxruntime in a browser, as WebAssembly. Its settings are the page's: the first call decides. */
export function webRuntime({ wasm, mjs, threads = 1 }: WebRuntimeOptions): Runtime {
  const isIsolated = (globalThis as { crossOriginIsolated?: boolean }).crossOriginIsolated === true;
  started ??= isIsolated ? threads : 1;
  const count = started;
  ort.env.wasm.wasmPaths = mjs === undefined ? { wasm } : { wasm, mjs };
  ort.env.wasm.numThreads = count;
  const name = `onnxruntime-web, ${count} ${count === 1 ? "thread" : "threads"}`;
  return onnxRuntime(ort, { name, threads: count, provider: "wasm" });
}
