import type { FetchProgress } from "../datasets/fetch/fetchDataset.js";
import { TransferRate } from "../datasets/fetch/transferRate.js";
import { ProgressLine } from "./progressLine.js";

/** Shows a transfer on stderr: how far, how fast, how long still. */
export function transferLine(): {
  show: (progress: FetchProgress) => void;
  say: (message: string) => void;
  end: () => void;
} {
  const line = new ProgressLine();
  let rate = new TransferRate();
  let phaseNow = "";
  return {
    show({ phase, doneBytes, totalBytes }) {
      if (phase !== phaseNow) rate = new TransferRate();
      phaseNow = phase;
      rate.add(doneBytes, performance.now());
      const perSecond = rate.bytesPerSecond();
      const speed = perSecond === undefined ? "" : `, ${(perSecond / 1e6).toFixed(1)} MB/s`;
      const done = `${(doneBytes / 1e6).toFixed(0)}`;
      const secondsLeft = totalBytes === undefined ? undefined : rate.secondsFor(totalBytes - doneBytes);
      line.show({
        phase,
        // Of a length that is only known roughly, more may come.
        fraction: totalBytes === undefined ? 0 : Math.min(1, doneBytes / totalBytes),
        ...(secondsLeft !== undefined && secondsLeft > 0 && { secondsLeft }),
        detail:
          totalBytes === undefined ? `${done} MB${speed}` : `${done} of ${(totalBytes / 1e6).toFixed(0)} MB${speed}`,
      });
    },
    say: (message) => line.say(message),
    end: () => line.end(),
  };
}
