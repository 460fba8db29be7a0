import type { FromMeter, FromWorker, ToMeter, ToWorker } from "./messages.js";

const worker = new Worker("worker.js", { type: "module" });
const meter = new Worker("meter.js", { type: "module" });

/** Tells the worker that classifies. */
export function ask(message: ToWorker, transfer: Transferable[] = []): void {
  worker.postMessage(message, transfer);
}

/** Tells the worker that measures for the pictures. */
export function askMeter(message: ToMeter, transfer: Transferable[] = []): void {
  meter.postMessage(message, transfer);
}

/** @param onFailed told why there is no worker at all */
export function hearWorker(hear: (message: FromWorker) => void, onFailed: (why: string) => void): void {
  worker.onerror = ({ message }) => onFailed(message || "it could not be loaded");
  worker.onmessage = ({ data }: MessageEvent<FromWorker>) => hear(data);
}

export function hearMeter(hear: (message: FromMeter) => void): void {
  meter.onmessage = ({ data }: MessageEvent<FromMeter>) => hear(data);
}
