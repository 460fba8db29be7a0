import { openWav } from "../../audio/wav.js";
import { blobSource } from "../../inference/wavSource.js";
import { PeakMeter } from "../listening/peaks.js";
import { SpectrumMeter } from "../listening/spectra.js";
import type { FromMeter, ToMeter } from "./messages.js";
import { workerScope } from "./scope.js";

const scope = workerScope<ToMeter, FromMeter>();
const dropped = new Set<number>();
/** Files are read one after the other. */
let queue: Promise<void> = Promise.resolve();

scope.onmessage = ({ data }) => {
  if (data.type === "drop") dropped.add(data.id);
  if (data.type === "listen") listen(data.id, data.sampleRateHz, data.port);
  if (data.type === "open") {
    // What is wrong with a file, the other worker says: it reads it too.
    queue = queue.then(() => open(data.id, data.file, data.name)).catch(() => {});
  }
};

async function open(id: number, file: Blob, name: string): Promise<void> {
  const { header, read } = await openWav(blobSource(file, name));
  const pass = meterOf(id, header.sampleRateHz);
  const part = 4 * header.sampleRateHz;
  for (let first = 0; first < header.frames && !dropped.has(id); first += part) pass(await read(first, first + part));
}

function listen(id: number, sampleRateHz: number, port: MessagePort): void {
  const pass = meterOf(id, sampleRateHz);
  port.onmessage = ({ data }: MessageEvent<Float32Array | "end">) => {
    if (data === "end") port.close();
    else pass(data);
  };
}

function meterOf(id: number, sampleRateHz: number): (samples: Float32Array) => void {
  const peakMeter = new PeakMeter(sampleRateHz);
  const spectrumMeter = new SpectrumMeter(sampleRateHz);
  let heard = 0;
  return (samples) => {
    heard += samples.length;
    const [peaks, columns] = [peakMeter.push(samples), spectrumMeter.push(samples)];
    const level = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    scope.postMessage({ id, seconds: heard / sampleRateHz, peaks, columns, level }, [peaks.buffer, columns.buffer]);
  };
}
