import type { MedianRatio } from "../ratio.js";
import type { EpochBench } from "./benchEpoch.js";
import type { StoreBench } from "./benchStore.js";

/** What `bench data` found, in words. */
export function dataBenchText(stores: readonly StoreBench[], epochs: readonly EpochBench[]): string {
  return [...stores.map(storeText), ...epochs.map(epochText)].join("\n");
}

function storeText(bench: StoreBench): string {
  const { name, title, recordings, maps, workers, seconds, secondsDigests, secondsToOpen, shares } = bench;
  const percent = (share: number) => `${(100 * share).toFixed(0)} %`;
  return [
    `${name}: ${title}`,
    `  ${recordings.toLocaleString("en")} recordings to ${maps.toLocaleString("en")} stored maps in ${seconds.toFixed(1)} s on ${workers} threads (${secondsDigests.toFixed(1)} s of it for digests); opened again in ${secondsToOpen.toFixed(2)} s`,
    `  threads: ${percent(shares.reading)} reading ${bench.megabytesRead.toFixed(0)} MB, ${percent(shares.computing)} computing, ${percent(shares.writing)} writing ${bench.megabytesStored.toFixed(0)} MB`,
  ].join("\n");
}

function epochText(bench: EpochBench): string {
  const { name, title, workers, bareMs, makingMs, ratio, withoutWorkers } = bench;
  const shown = ({ ratio, low, high }: MedianRatio) => `${ratio.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`;
  const threads = `${workers} ${workers === 1 ? "worker" : "workers"} of low priority beside ${bench.engineThreads} threads of the step`;
  return [
    `${name}: ${title}`,
    `  wall time over that of bare steps: ${shown(ratio)} with ${threads}; ${shown(withoutWorkers)} with none`,
    `  a step ${bareMs.toFixed(0)} ms, making a batch ${makingMs.toFixed(1)} ms of a worker`,
  ].join("\n");
}
