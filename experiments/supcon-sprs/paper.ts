import type { PaperFacts } from "../../src/suite/pages/paperFacts.js";

/** What the page of this paper says beside its tables: docs/papers/supcon-sprs.md. */
export const facts: PaperFacts = {
  paper: "supcon-sprs",
  title: "SupCon pretraining and MixUp on SPRSound",
  citation:
    "The paper on supervised contrastive pretraining of ResNet18 with MixUp on SPRSound, IEEE BioCAS 2023 grand challenge",
  summary: `The paper classifies the breath sounds of children: single events as normal or not (task 1-1) and by kind (1-2), whole recordings as
normal, of poor quality or adventitious (2-1) and by kind (2-2). A small residual network is first trained to put sounds of one class near each other, then frozen, and a
linear classifier is trained on it with mixed inputs. It prints Scores of 0.769, 0.632, 0.662 and 0.512 for the four tasks, on the challenge's blind test.`,
  notebook: "6-supcon",
  system: [
    {
      part: "Data",
      text: `SPRSound's release of 2022: 1,949 training recordings (6,656 events) of 251 children. A random fifth of the *items* is held out to choose by, whatever patient
it is of. There are two public test sets: *inter* (355 recordings of 41 other patients) and *intra* (379 recordings of patients who are in the training set too). The final
numbers are of a blind test, inferred to be the 871 recordings that were released in 2023.`,
    },
    {
      part: "Input",
      text: `Sounds are at 8 kHz. An event or a recording is brought to the range ±0.5 by $(x - \\min x)/(\\max x - \\min x) - 0.5$ and becomes 64 mel-frequency cepstral
coefficients (512 samples, hop 128, 128 Slaney bands, 80 dB below the maximum), with one z-score over the whole map. Events are 3 s (187 frames), recordings 15 s (937):
longer ones are cropped at a random place, shorter ones padded with zeros at a random offset.`,
    },
    {
      part: "Pretraining",
      text: `Each of 32 items in a batch is seen twice, each view flipped in time with probability 0.5, then cropped or padded on its own. ResNet18 with one input channel
(11,170,240 parameters) gives 512 values, from which dropout of 0.25, a linear layer and division by the length make the embedding $z$. With $P(i)$ the other views of the
label of view $i$, the loss over $2B$ views is

\`\`\`math
L = -\\frac{T}{T_0}\\,\\frac{1}{2B}\\sum_{i}\\frac{1}{|P(i)|}\\sum_{p \\in P(i)}\\Bigl(\\frac{z_i \\cdot z_p}{T} - \\ln\\sum_{a \\ne i} e^{z_i \\cdot z_a / T}\\Bigr),\\qquad T = 0.1,\\; T_0 = 0.07
\`\`\`

It takes 50 epochs of stochastic gradient descent (rate 0.001, momentum 0.9, weight decay 1e-4); the epoch of the lowest loss on held-out items is kept. Items are drawn with
weights of 1 / (items of their class), with replacement.`,
    },
    {
      part: "Fine-tuning",
      text: `Encoder and embedding are frozen; a linear layer on $z$ learns the classes in 20 epochs of Adam (rate 0.001, weight decay 1e-4, batches of 32). With MixUp a batch $x$ becomes
$\\lambda x + (1 - \\lambda) x'$, where $x'$ is the batch in another order and $\\lambda$ is drawn once per batch from Beta(1, 1); the loss is mixed by the same $\\lambda$. The epoch of the best
Score on held-out items is kept. Rows without pretraining (a lean network of two convolutions, and ResNet18) are trained whole, for 100 epochs.`,
    },
    {
      part: "Score",
      text: `SE is the share of adventitious items whose exact class is found, SP that of normal ones; items of poor quality are in neither. The Score is the mean of the two means:

\`\`\`math
\\mathrm{Score} = \\frac{1}{2}\\Bigl(\\frac{SE + SP}{2} + \\frac{2\\,SE\\,SP}{SE + SP}\\Bigr),\\qquad
\\mathrm{Total} = 0.2\\,S_{11} + 0.3\\,S_{12} + 0.2\\,S_{21} + 0.3\\,S_{22} + 0.1\\,\\mathrm{Bonus}
\`\`\`

The bonus rewards short run times, and compares them with other teams': ours is stated as 0.`,
    },
    {
      part: "Windows",
      text: `For task 2 the paper also tries windows of 3 s that move over a recording. A kind of adventitious sound counts as detected where two windows in a row carry it; any kind that is detected
decides the recording; else one normal window makes it normal; else it is of poor quality. The authors found this immature and submitted the classification of whole recordings; its code was not
released.`,
    },
  ],
  differs: [
    {
      what: "Test set",
      why: "The blind test of 2023 is not among the data. Table III and the abstract have no comparable number here; Table I's inter values, Figure 3 and Table II are of public sets.",
    },
    {
      what: "Held-out part",
      why: "`published` holds out a random fifth of the items, as the paper does; `honest` a fifth of the patients, chosen once. Pretraining and fine-tuning share one part; the authors' scripts draw two, so that fine-tuning validates on items seen in pretraining.",
    },
    {
      what: "Budget",
      why: "Two processor cores: a cell of the paper's own budget takes hours. Runs with fewer epochs say so in each line and are held against no printed number. In the committed runs of task 21 the pretrainings had 25 epochs of 6 steps of 8 recordings: their loss stayed at that of embeddings without order (about ln 15 x T / 0.07), so the pretrained rows of that task show what a frozen network that learnt nothing gives, not what pretraining does.",
    },
    {
      what: "Test-time crop",
      why: "Centre crop and centred padding, so that a recording has one answer. The authors' loaders crop at random at test time too (preset `authors`).",
    },
    {
      what: "Frozen encoder",
      why: "In evaluation mode, and the best epoch is a copy. In the authors' code the frozen encoder keeps its dropout and moves its batch statistics, and the kept weights are always the last (preset `authors`).",
    },
    {
      what: "MixUp in the contrastive loss",
      why: "The conclusion speaks of it; method and code mix in fine-tuning alone, and so do we.",
    },
    {
      what: "Training and validation Scores",
      why: "The authors measure both on class-balanced draws; Table I's train and valid rows are of such draws, the test sets of every item once.",
    },
  ],
  leftOut: ["The runtime bonus of the challenge: it compares run times of other teams on the organisers' machine."],
};
