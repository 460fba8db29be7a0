import type { TestPath } from "../papers/testPath.js";
import { UserError } from "../userError.js";
import type { Answer, Classifier, ClassifyOptions, Seen } from "./answer.js";
import type { ModelDescription } from "./description.js";
import { inputSeconds } from "./inputSeconds.js";
import { meanOf } from "./labelRule.js";
import type { Manifest } from "./manifest.js";
import type { Outputs } from "./outputs.js";
import type { Network, Runtime } from "./runtime.js";
import { SEEN_OUTPUT, seenOf } from "./seen.js";
import { standingPart } from "./standingPart.js";
import { SoundStream, type StreamOptions } from "./stream.js";

interface Parts extends ModelDescription {
  outputs: Outputs;
  labelOf(shares: readonly Float64Array[]): number;
  runtime: Runtime;
  network: Network;
}

/** An exported model, ready to be asked: see `load`. */
export class InferenceModel implements Classifier {
  readonly manifest: Manifest;
  readonly path: TestPath;
  readonly runtime: Runtime;
  /** Whether probabilities are calibrated. */
  readonly calibrated: boolean;
  /** What `Answer.probabilities` stand for: labels, or findings that may be there or not. */
  readonly outputNames: readonly string[];
  /** Whether `classify` can tell what the network looked at. */
  readonly canShow: boolean;
  /** So much sound fills the input. */
  readonly inputSeconds: number;
  private readonly parts: Parts;

  constructor(parts: Parts) {
    this.parts = parts;
    const { manifest, path, runtime, outputs, network, file } = parts;
    this.manifest = manifest;
    this.path = path;
    this.runtime = runtime;
    this.calibrated = outputs.calibrated;
    this.outputNames = outputs.names;
    this.canShow =
      manifest.seen?.precisions.includes(file.precision ?? "float32") === true && network.outputs.includes(SEEN_OUTPUT);
    this.inputSeconds = inputSeconds(path.frontEnd, manifest.input.shape[1]!);
  }

  /**
   * What the model says of a clip: a cycle, an event or a recording, as its task has it. Of more than a minute the part stands for it that
   * `auscult predict` takes.
   *
   * @param waveform [samples], full scale 1
   * @throws UserError for a sample rate that cannot be, and for a map of what was looked at that is none of the manifest's
   * @throws RangeError for a clip of no samples and for samples that are not finite numbers
   */
  async classify(
    waveform: Float32Array,
    sampleRateHz: number,
    { seen = false }: ClassifyOptions = {},
  ): Promise<Answer> {
    const { manifest, path, outputs, labelOf } = this.parts;
    const { first, end } = standingPart({ frames: waveform.length, sampleRateHz }, path.keeps);
    const clip = waveform.subarray(first, end);
    const began = performance.now();
    const inputs = path.maps(clip, sampleRateHz).map(({ data }) => data);
    const made = performance.now();
    const answers = await this.answers(inputs, seen);
    const answered = performance.now();
    const maps = answers.map((one) => ({ ...one, probabilities: outputs.probabilities(one.logits) }));
    const labelIndex = labelOf(maps.map(({ logits }) => outputs.shares(logits)));
    return {
      ...{ label: manifest.labels[labelIndex]!, labelIndex },
      probabilities: Array.from(meanOf(maps.map(({ probabilities }) => probabilities))),
      ...{ calibrated: outputs.calibrated, maps },
      seconds: clip.length / sampleRateHz,
      givenSeconds: waveform.length / sampleRateHz,
      silent: clip.every((value) => value === clip[0]),
      featureSeconds: (made - began) / 1000,
      networkSeconds: (answered - made) / 1000,
    };
  }

  /**
   * The network's outputs. Maps go through it one at a time: a network of integers scales its numbers by the largest of all that it is given
   * at once, so that an answer would depend on what else is asked.
   *
   * @param maps each [rows, frames, channels]
   * @returns of each map [outputs]
   * @throws RangeError for a map of another size
   */
  async logits(maps: readonly Float32Array[]): Promise<Float32Array[]> {
    return (await this.answers(maps)).map(({ logits }) => logits);
  }

  private async answers(maps: readonly Float32Array[], seen = false): Promise<{ logits: Float32Array; seen?: Seen }[]> {
    const { manifest, network } = this.parts;
    const { shape } = manifest.input;
    const size = shape.reduce((a, b) => a * b);
    const wanted = seen && this.canShow ? SEEN_OUTPUT : undefined;
    const answers: { logits: Float32Array; seen?: Seen }[] = [];
    for (const map of maps) {
      if (map.length !== size)
        throw new RangeError(`a map has ${map.length} values; the model takes ${shape.join(" x ")} = ${size}`);
      const { logits, also } = await network.run(map, [1, ...shape], wanted);
      answers.push({ logits, ...(also && { seen: seenOf(also, manifest.seen!) }) });
    }
    return answers;
  }

  /** The label that the logits of a clip's maps give: an index into the labels. */
  labelOf(logits: readonly Float32Array[]): number {
    return this.parts.labelOf(logits.map(this.parts.outputs.shares));
  }

  /** Answers about sound as it comes: see `SoundStream`. */
  stream(options: StreamOptions): SoundStream {
    return new SoundStream(this, options);
  }

  /**
   * Asks once for nothing: the first answer takes several times as long as the next.
   *
   * @throws UserError for a network with another number of outputs
   */
  async warmUp(): Promise<void> {
    const { manifest, outputs } = this.parts;
    const [answer] = await this.logits([new Float32Array(manifest.input.shape.reduce((a, b) => a * b))]);
    if (answer!.length !== outputs.names.length) {
      throw new UserError(
        `the network gives ${answer!.length} outputs for ${outputs.names.length} names (${outputs.names.join(", ")})`,
      );
    }
  }

  /** Gives the network's memory back. */
  close(): Promise<void> {
    return this.parts.network.close();
  }
}
