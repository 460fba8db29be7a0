import { describe, test } from "vitest";
import { expectLikeTorch } from "./likeTorch.js";

describe("PyTorch's transcription at other widths, same weights: logits, loss, gradients, running averages", () => {
  test.each(["2 frames a group", "5 frames a group", "15 frames a group", "25 frames a group"])("%s", expectLikeTorch);
});
