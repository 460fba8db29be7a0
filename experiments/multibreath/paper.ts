import type { PaperFacts } from "../../src/suite/pages/paperFacts.js";

/** What the page of this paper says beside its tables: docs/papers/multibreath.md. */
export const facts: PaperFacts = {
  paper: "multibreath",
  title: "Multi-breath on ICBHI",
  citation:
    "The paper on Multi-breath: multi-label targets and multi-head class-specific residual attention over CNN6, CNN14, ResNet22 and MobileNetV2, ICBHI 2017",
  summary: `The paper reads a breathing cycle's class as two labels, crackle and wheeze, instead of four classes, and lets each output look at its own places of the last feature map. It prints a Score of 0.592
with CNN6 (4.3 million parameters) and 0.600 with CNN14 (75 million) on the official split, both after AudioSet, and 0.794 on an 80/20 split.`,
  notebook: "9-multibreath",
  system: [
    {
      part: "Data",
      text: "The official split, and an 80/20 split of which the paper does not say whether cycles, recordings or patients were drawn.",
    },
    {
      part: "Input",
      text: `16 kHz, 8 s, a shorter cycle repeated with fades; 64 HTK mel bands from 50 to 2,000 Hz in decibels, a window of 1,024 samples every 512. Print's 256 frames need 8.16 s. In Table 4 *EfficientLEAF* takes their place:
64 learnt Gabor filters of the waveform, pooled by a learnt Gaussian, compressed by a learnt logarithm, with their median over time taken off in a second channel.`,
    },
    {
      part: "Backbones",
      text: "PANNs' CNN6, CNN14 and ResNet22 and a MobileNetV2 whose strides are average pools, without PANNs' front end and AudioSet head; ResNet22 without its last block, as the printed size shows.",
    },
    {
      part: "Heads",
      text: `*Plain*: mean over time, maximum plus mean over frequency, a hidden layer, the outputs. *Class-specific residual attention*: each of H heads has a vector of unit length for each output; its score at a position is the feature's
product with it, $s_{ij}$. The logit is the global feature's score plus $\\lambda \\sum_j a_{ij} s_{ij}$ with $a_{ij}$ the softmax of $T s_{ij}$ over positions; heads differ in their temperature T, of which one is infinite (the maximum).`,
    },
    {
      part: "Loss",
      text: "Binary cross-entropy over the outputs; the baseline has four classes and cross-entropy.",
    },
    {
      part: "Training",
      text: "Adam at 0.001 along half a cosine, batches of 64, masks of time and frequency. Epochs and weight decay are not printed.",
    },
  ],
  differs: [
    {
      what: "Starting weights",
      why: "From scratch: AudioSet's are not at hand. `--init FILE --set pooling=panns` takes a PANNs file, checked by shape, with PANNs' order of axes and its mel bands. Of the same task another work prints what that is worth (`reference/scl-icbhi`): about 1 to 5 points for CNN6.",
    },
    {
      what: "Outputs",
      why: "Two, crackle and wheeze, as the text has it. The printed sizes of Table 3 fit four: `--set labels=4`.",
    },
    {
      what: "Sensitivity",
      why: "Print gives the formula of four classes and calls it that of two: both stand in the tables.",
    },
    {
      what: "Attention",
      why: "Corrected where print cannot be what was run: normalised over positions, not classes; sharper, not smoother, with a larger temperature; vectors divided by their length, as in the attention's own code. Lambda, which print does not give, is 0.1.",
    },
    {
      what: "Scale of the input",
      why: "Decibels at the training set's mean and deviation. The closest relative brings each batch to its own minimum and maximum, so that an answer depends on what else is in its batch: `--set norm=batch-minmax`, by name only.",
    },
    {
      what: "Stored maps",
      why: "`--set input=icbhi-logmel` runs on all 6,898 cycles: 90 mel bands up to 2 kHz, 4 s with silence behind, 23 ms a frame. The learnable front end needs samples, hence audio, of which 2,862 cycles are at hand.",
    },
    {
      what: "80/20",
      why: "Both readings: `random-cycle-80-20`, under `published` only, since patients are on both sides by construction, and the five folds of patients.",
    },
    {
      what: "Budget",
      why: "Two processor cores: by steps of 64 of 9.1 s (CNN14), 5.3 s (ResNet22), 4.4 s (CNN6) and 0.75 s (MobileNetV2, Intel Xeon with AVX-512) the 100 epochs take about 18, 11, 9 and 2 hours. The rows run here have 10 epochs of 16 steps of 32, those of CNN14 and ResNet22 of 2 steps; a sixtieth of that and less: AUC on held-out patients ends at 0.50 to 0.67, and the epoch that the Score chooses calls nearly every cycle normal. They show that each row runs; they tell nothing apart.",
    },
  ],
  leftOut: [],
};
