import type { PaperFacts } from "../../src/suite/pages/paperFacts.js";

/** What the page of this paper says beside its tables: docs/papers/respirenet.md. */
export const facts: PaperFacts = {
  paper: "respirenet",
  title: "RespireNet on ICBHI",
  citation:
    "The paper on RespireNet: concatenation-based augmentation, blank-region clipping, smart padding and device-specific fine-tuning, ICBHI 2017",
  summary: `The paper classifies breathing cycles of ICBHI 2017 as normal, crackle, wheeze or both from a picture of their spectrogram, with a ResNet-34 that was trained on ImageNet. It asks how far
so little data goes, and prints a Score of 56.2 % on the official split and 68.5 % on an 80/20 split of patients.`,
  notebook: "8-respirenet",
  system: [
    {
      part: "Data",
      text: `The official 60/40 split, and an 80/20 split of patients, which Table 6 shows to be fold 4 of the public list (5,454 and 1,444 cycles). The device names Litt3200 and LittC2SE are exchanged in
Tables 3 to 6.`,
    },
    {
      part: "Clip",
      text: `Sounds at 4 kHz, band-passed, of full scale; 7 s (the authors' code: 8 s). A longer cycle is taken apart into windows half a clip apart, whose decisions are put to the vote. A shorter one is filled
up by *smart padding*: the cycle after it in the same recording, the one before, and so on, as long as they are of its class or normal.`,
    },
    {
      part: "Picture",
      text: `64 mel bands from 50 to 2,000 Hz in decibels below the maximum become 256 levels of magma's colours, enlarged three times: 192 x 657 pixels. *Blank-region clipping*: rows from the top of which 80 % are
almost black are cut off, and one more, and the rest is stretched back. Pictures are standardised by the training pictures' means and deviations.`,
    },
    {
      part: "Network",
      text: `ResNet-34, then twice dropout of one half, a linear layer of 128 units and a rectifier, then the classes: 21,367,364 parameters.`,
    },
    {
      part: "Augmentation",
      text: `In half of the cases one of noise, speed, loudness, vocal tract length and pitch; in half of the cases a circular shift. *Concatenation-based augmentation* puts new abnormal cycles together of two, until each
class has as many as there are normal ones.`,
    },
    {
      part: "Training",
      text: `Stochastic gradient descent at 0.001 with momentum 0.9 for 200 epochs of batches of 64, drawn class by class, with weights of the classes in the loss as well. In a second stage the network is trained on for 50
epochs at 0.0001 with the cycles of one device, and each test cycle goes through its device's network.`,
    },
  ],
  differs: [
    {
      what: "Starting weights",
      why: "From scratch: ImageNet weights are not at hand. `--init FILE` takes torchvision's, checked by shape and digest, and the run says so.",
    },
    {
      what: "Test-time padding",
      why: "A short cycle is repeated. Smart padding looks at the labels of its neighbours, so at test time it tells them to the model; `smartPaddingAtTest` has that reading by name.",
    },
    {
      what: "Choice of the epoch",
      why: "By the Score, on held-out patients under `honest`. The authors' code chooses by accuracy on the test fold (preset `authors`).",
    },
    {
      what: "Second stage",
      why: "A device without training cycles, or of which nothing is held out to choose an epoch by, keeps the first stage's network, and the report says so: under `honest` that is Litt3200 on the official split, whose training cycles are of patients who are tested.",
    },
    {
      what: "Band-pass",
      why: "The paper gives no corners; 200 to 1,800 Hz are those of a loader that was derived from this work. The authors' code filters nothing (preset `authors`).",
    },
    {
      what: "Class weights of two classes",
      why: "The authors' frequencies 3 : 1 : 1 : 1 make two classes of 3 : 3, whose weights are equal.",
    },
    {
      what: "Audio",
      why: "Of 2,862 of the 6,898 cycles at hand; every number says which part of the data it is of.",
    },
    {
      what: "Budget",
      why: "Two processor cores: a row of the paper's own budget takes 84 hours and more, by steps of 64 that took 16.5 s and 9.3 GB on two cores (Intel Xeon with AVX-512); on a GPU of 25 TFLOP/s sustained in float32 it would be 0.7 hours (computed from 3.6 TFLOP a step, not measured). `imageScale: 1` leaves pictures at 64 rows, a ninth of the pixels, and says so.",
    },
    {
      what: "What 300 steps learn",
      why: "The rows run here call every test cycle abnormal (Sp 0, AUC 0.48 to 0.57): cycles drawn evenly from the classes and a loss that weighs the rare ones threefold leave Normal a tenth of the answer that knows nothing, whose training loss is 1.31; after 10 epochs of 30 steps of 16 from scratch it is 1.23 to 1.32. They show that each row runs; they tell nothing apart.",
    },
  ],
  leftOut: [
    "The readme's VGGish and Transformer variants: other networks, without description; their numbers stand as constants.",
    "Fine-tuning on the official split of LittC2SE, which has no test cycle there.",
  ],
};
