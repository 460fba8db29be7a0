import type { Assessment } from "../evaluation/assessment.js";

/** What became of the model for a device's cycles. */
export interface FineTunedDevice {
  device: string;
  /** Why its cycles go through the first stage's model; absent where it has one of its own. */
  without?: string;
  counts: { train: Record<string, number>; chooseBy: number };
  chosenEpoch?: number;
  chosenBy?: string;
}

/** Of a run that was fine-tuned by device. */
export interface FineTuning {
  /** Its first stage, and what that is worth by itself. */
  firstStage: {
    id: string;
    epochs: number;
    chosenEpoch: number;
    seconds: number;
    tests: Record<string, Assessment>;
  };
  devices: FineTunedDevice[];
}
