import type { GlancegazeKind } from "../../papers/glancegaze/rows.js";
import { BACKBONES, type MultibreathBackbone } from "../../papers/multibreath/rows.js";

/** A network with the batch and the optimiser that its paper trains it with. */
export interface StepCase {
  /** As `auscult bench step CASE` names it. */
  name: string;
  /** What is measured, in words. */
  title: string;
  network: "resnet18" | "resnet34" | "lean-cnn" | "cycleguardian" | MultibreathBackbone | GlancegazeKind;
  batch: number;
  rows: number;
  frames: number;
  channels: number;
  classes: number;
  /** Adam with weight decay 1e-4 (CycleGuardian: none), or SGD with momentum 0.9 and weight decay 5e-4, both coupled. */
  optimizer: "adam" | "sgd";
}

/** By the names of the command. */
const GLANCEGAZE = [
  ["glancegaze", "Proposed"],
  ["vgg16", "VGG16"],
  ["crnn", "CRNN"],
  ["bigru", "BiGRU+ATT"],
] as const;

/** The networks that were built so far; each paper's comes with it. CycleGuardian's batch of 128 takes more than 8 GB in PyTorch. */
export const STEP_CASES: readonly StepCase[] = [
  {
    name: "resnet18",
    title: "ResNet-18, 64x187, batch 32, Adam (SupCon on SPRSound)",
    network: "resnet18",
    batch: 32,
    rows: 64,
    frames: 187,
    channels: 1,
    classes: 2,
    optimizer: "adam",
  },
  {
    name: "resnet34",
    title: "ResNet-34, 192x657x3, batch 4, SGD (RespireNet)",
    network: "resnet34",
    batch: 4,
    rows: 192,
    frames: 657,
    channels: 3,
    classes: 4,
    optimizer: "sgd",
  },
  {
    name: "lean-cnn",
    title: "lean CNN, 64x187, batch 32, Adam (SupCon on SPRSound)",
    network: "lean-cnn",
    batch: 32,
    rows: 64,
    frames: 187,
    channels: 1,
    classes: 2,
    optimizer: "adam",
  },
  {
    name: "cycleguardian",
    title: "CycleGuardian, 84x626x3 in 41 groups, batch 64, all losses, Adam",
    network: "cycleguardian",
    batch: 64,
    rows: 84,
    frames: 626,
    channels: 3,
    classes: 4,
    optimizer: "adam",
  },
  ...BACKBONES.map(
    (backbone): StepCase => ({
      name: backbone.toLowerCase(),
      title: `${backbone} with attention, 64x256, batch 64, binary cross-entropy, Adam (Multi-breath)`,
      network: backbone,
      batch: 64,
      rows: 64,
      frames: 256,
      channels: 1,
      classes: 4,
      optimizer: "adam",
    }),
  ),
  ...GLANCEGAZE.map(
    ([name, network]): StepCase => ({
      name,
      title: `${network === "Proposed" ? "Glance-and-Gaze" : network}, 128x345, batch 32, Adam${network === "Proposed" ? "" : " (baseline of Glance-and-Gaze)"}`,
      network,
      batch: 32,
      rows: 128,
      frames: 345,
      channels: 1,
      classes: 4,
      optimizer: "adam",
    }),
  ),
];
