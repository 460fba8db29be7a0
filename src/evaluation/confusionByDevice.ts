import type { ConfusionMatrix } from "./confusion.js";
import { confusionByPatient } from "./confusionByPatient.js";

/** The decisions on one set's items from one recording device. */
export interface DeviceConfusion {
  device: string;
  matrix: ConfusionMatrix;
}

/** Splits the decisions of a set by device, ordered by name; undefined where an item does not say what it was recorded with. */
export function confusionByDevice(
  labels: readonly string[],
  devices: readonly (string | undefined)[],
  truths: ArrayLike<number>,
  predictions: ArrayLike<number>,
): DeviceConfusion[] | undefined {
  const known = devices.filter((device): device is string => device !== undefined);
  if (known.length === 0 || known.length < devices.length) return undefined;
  const groups = confusionByPatient(labels, known, truths, predictions);
  return groups.map(({ patient: device, matrix }) => ({ device, matrix }));
}
