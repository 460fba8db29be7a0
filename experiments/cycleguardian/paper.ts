import type { PaperFacts } from "../../src/suite/pages/paperFacts.js";

/** What the page of this paper says beside its tables: docs/papers/cycleguardian.md. */
export const facts: PaperFacts = {
  paper: "cycleguardian",
  title: "CycleGuardian on ICBHI",
  citation:
    "The paper on CycleGuardian: group frames, deep clustering and group-mix contrastive learning for respiratory sounds, ICBHI 2017",
  summary: `The paper classifies breathing cycles of ICBHI 2017 as normal, crackle, wheeze or both. The spectrogram of a cycle is cut into groups of frames; a shared network
describes each group, the groups are clustered, and the clusters' vectors are fused into one that is classified. It prints a Score of 63.26 % (Sp 82.06 %, Se 44.47 %) without
pretraining.`,
  notebook: "7-cycleguardian",
  system: [
    {
      part: "Data",
      text: `The official 60/40 split is a list of recordings (4,142 and 2,756 cycles). The paper's 4,262 and 2,873 are what the list becomes when it is read by patient: every cycle of
patients 156 and 218, who are on both sides, is then trained on and tested, among them 120 of the 206 test cycles with both sounds. That split is here by its name alone,
\`official-patient-leak\`. Five folds of patients and splits by recording device go with it.`,
    },
    {
      part: "Input",
      text: `A cycle at 10 kHz is brought to 8 s: the first 8 s of a longer one; a shorter one is filled up with random pieces of itself in training, with repeats at test time. Three channels of 84
bands and 626 frames follow: mel and gammatone decibels (1,024 samples, hop 128, 32.7 to 3,000 Hz) and a constant-Q transform of 12 bins per octave up to 3,951 Hz, each row of each channel at mean 0 and
deviation 1 over time.`,
    },
    {
      part: "Group encoder",
      text: `Groups of 20 frames begin every 15 frames: 41 groups. One network sees them all: five convolutions with batch normalisation and two linear layers, from $3 \\times 84 \\times 20$ to a vector $g_i$
of 768 numbers.`,
    },
    {
      part: "Clustering",
      text: `$e_i$, 128 numbers made of $g_i$, is held against five learnt centres $\\mu_j$:

\`\`\`math
q_{ij} \\propto \\frac{1}{1 + \\lVert e_i - \\mu_j \\rVert^2},\\qquad p_{ij} \\propto \\frac{q_{ij}^2}{\\sum_i q_{ij}},\\qquad
L_{clu} = \\sum_{ij} p_{ij} \\ln \\frac{p_{ij}}{q_{ij}}
\`\`\`

Each group belongs to its most probable centre. The groups of a cluster are summed with learnt weights into $c_k$, the clusters' vectors into $z$, and a linear layer classifies $z$. A similarity loss
$L_{cos}$ keeps the $c_k$ apart, by the plain cosine or by a soft cosine with a learnt matrix.`,
    },
    {
      part: "Group mix",
      text: `Some groups of each cycle are replaced by those of another of its batch; a share $\\lambda$ is its own. With unit vectors $h(z)$ from a projector and temperature 0.06, the mixed vector must point to
its two sources among the batch in the shares $\\lambda$ and $1 - \\lambda$ (a cross-entropy with soft labels, $L_{con}$).`,
    },
    {
      part: "Training",
      text: `The total is $L_{cls} + 128\\,L_{clu} + 0.5\\,L_{con} + 0.2\\,L_{cos}$, clustering and similarity of the mixed cycles included. Adam at 0.01, times 0.33 every 150 of 600 epochs, batches of 128; what is
evaluated and kept is a moving average of the weights. Batches are augmented by one operation on sound (noise, shift, stretch, vocal tract length) and one mask on spectrograms, each with probability 0.5.`,
    },
    {
      part: "Score",
      text: `Sp is the share of normal cycles found, Se that of the others whose exact class is found, the Score their mean.`,
    },
  ],
  differs: [
    {
      what: "Split",
      why: "By recording, as the official list is; the leaky reading is run by name alone, under `published`, and its reports state the share of test cycles that were trained on.",
    },
    {
      what: "Stored maps",
      why: "Where runs say `input=icbhi-logmel`, the input is one log-mel map of each cycle three times (84 of 90 bands up to 1.8 kHz, 173 frames of 23.2 ms, 4 s with silence behind a shorter cycle): the audio of most recordings was not at hand, and these maps exist of all 6,898 cycles. Groups are then of other lengths in time, and nothing that changes or pads sound can be run.",
    },
    {
      what: "Audio above 5.5 kHz",
      why: "The recordings at hand were stored at 11,025 Hz where the originals had 44.1 kHz; that has no effect at 10 kHz, and leaves an empty band in inputs at 16 kHz and above.",
    },
    {
      what: "Budget",
      why: "Two processor cores: a cell of the paper's own budget takes 34 hours: a step of 128 took 4.9 s and 7.5 GB on two cores (Intel Xeon with AVX-512), an epoch of the official split with its test 200 s; on stored maps 1.3 s and 2.5 GB. Runs with fewer epochs say so in each line and are held against no printed number; under ten epochs rows are not ranked. The committed runs (10 epochs of 16 steps of 32 on stored maps, and one of 60 steps at a tenth of the learning rate) have learnt little more than how frequent the classes are: most call nearly every cycle normal, Scores lie between 0.47 and 0.50, and no row, width, fold or device is told apart by them.",
    },
    {
      what: "Batch normalisation",
      why: "Over batch and groups at once. In the authors' code a loop over groups makes statistics for each position (`bnPerGroup`, preset `authors`).",
    },
    {
      what: "Projector of the contrast",
      why: "Trained. In the authors' code it is not given to the optimiser and stays as it was drawn (`projector`, preset `authors`).",
    },
    {
      what: "Learning rate",
      why: "0.01; a run whose first epochs diverge begins anew at 0.001 and says so.",
    },
  ],
  leftOut: [
    "The 38 MB of the soft-cosine model: the published network has 26.9 MB with either similarity.",
    "The test set of 2,907 cycles that Tables 3 and 4 imply: no reading of the split has it.",
    "The device LittC2SE held out: it has no cycle in the official test set.",
  ],
};
