import { Checkpoints } from "../../src/training/checkpoint.js";
import type { CheckpointError } from "../../src/training/checkpointError.js";

/** Saves checkpoints of 16, 32, 48 ... KiB into the folder it is given until one is refused; prints the refusal as JSON. */
const checkpoints = new Checkpoints<object>(process.argv[2]!, { signature: "s", settings: {}, circumstances: {} });
try {
  for (let epoch = 1; ; epoch++) {
    const values = new Float32Array(epoch * 4096);
    checkpoints.save({ epoch, step: 0 }, new Map([["w", { dtype: "F32", shape: [values.length], values }]]), {});
  }
} catch (error) {
  const { name, message, exitCode } = error as CheckpointError;
  console.log(JSON.stringify({ name, message, exitCode }));
}
