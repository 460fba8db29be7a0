import { Streams } from "../../src/random/streams.js";
import { type TensorFlow, tf } from "../../src/tensorflow.js";

type Tensor = TensorFlow.Tensor;
type T1 = TensorFlow.Tensor1D;
type T2 = TensorFlow.Tensor2D;
type T4 = TensorFlow.Tensor4D;
type T5 = TensorFlow.Tensor5D;
type Case = () => Tensor;
type Unary = (x: Tensor) => Tensor;

/** Numbers in [0.1, 0.9), made once. */
function uniform(shape: number[], seed = 1): Tensor {
  const rng = new Streams(seed).stream("op case");
  const size = shape.reduce((product, side) => product * side, 1);
  return tf.tensor(
    Float32Array.from({ length: size }, () => 0.1 + 0.8 * rng.uniform()),
    shape,
  );
}
const integers = (...values: number[]) => tf.tensor1d(values, "int32");

/** The gradient of sum(f(x)), for one or several inputs; all in one vector. */
function gradient(f: (...inputs: Tensor[]) => Tensor, ...inputs: Tensor[]): Tensor {
  const gradients = tf.grads((...given) => tf.sum(tf.square(f(...given))))(inputs);
  return tf.concat(gradients.map((one) => tf.reshape(one, [-1])));
}

const functionsOf = (tf: typeof import("../../src/tensorflow.js").tf) => tf as unknown as Record<string, Unary>;

/** Operations of tfjs and their gradients, by name, on small made-up tensors. */
export function opCases(): Record<string, Record<string, Case>> {
  const f = functionsOf(tf);
  const x = uniform([4, 6]);
  const z = uniform([4, 6], 2);
  const row = uniform([6], 3);
  const image = uniform([2, 8, 8, 3], 4) as T4;
  const kernel = uniform([3, 3, 3, 4], 5) as T4;
  const depth = uniform([3, 3, 3, 2], 6) as T4;
  const volume = uniform([1, 4, 4, 4, 2], 7) as T5;
  const volumeKernel = uniform([2, 2, 2, 2, 3], 8) as T5;
  const channels = uniform([3], 9) as T1;
  const signal = uniform([64], 10) as T1;
  const complex = () => tf.complex(x, z);
  const over = (limit: number) => tf.add(x, limit);
  const two = integers(1, 3);

  const unary =
    "abs acos asin asinh atan atanh ceil cos cosh elu erf exp expm1 floor isFinite isInf isNaN leakyRelu log log1p logSigmoid neg reciprocal relu relu6 rsqrt selu sigmoid sign sin sinh softplus sqrt square step tan tanh onesLike zerosLike softmax logSoftmax sum mean max min prod argMax argMin logSumExp cumsum cumprod reverse transpose norm";
  const withGradient =
    "abs acos asin asinh atan atanh cos cosh elu erf exp expm1 leakyRelu log log1p logSigmoid neg reciprocal relu relu6 rsqrt selu sigmoid sin sinh softplus sqrt square tan tanh softmax logSoftmax sum mean max min prod logSumExp reverse transpose norm";
  const binary =
    "add sub mul div divNoNan maximum minimum pow squaredDifference equal greater greaterEqual less lessEqual notEqual floorDiv mod atan2 prelu";
  const binaryGradient = "add sub mul div pow atan2 prelu";
  const named = (names: string, make: (name: string) => Case) =>
    Object.fromEntries(names.split(" ").map((name) => [name, make(name)]));
  const pair = (name: string) => f[name] as unknown as (a: Tensor, b: Tensor) => Tensor;

  return {
    unary: named(unary, (name) => () => f[name]!(x)),
    "unary, gradients": named(withGradient, (name) => () => gradient(f[name]!, x)),
    binary: named(binary, (name) => () => pair(name)(x, row)),
    "binary, gradients": named(binaryGradient, (name) => () => gradient(pair(name), x, row)),
    reductions: {
      "cumsum of an axis, gradient": () => gradient((a) => tf.cumsum(a, 1), x),
      "maximum, minimum, squaredDifference, gradient": () =>
        gradient((a, b) => tf.addN([tf.maximum(a, b), tf.minimum(a, b), tf.squaredDifference(a, b)]), x, z),
      acosh: () => tf.acosh(over(1)),
      "sum of an axis": () => tf.sum(x, 1, true),
      "mean of two axes": () => tf.mean(image, [1, 2]),
      "mean of two axes, gradient": () => gradient((a) => tf.mean(a, [1, 2]), image),
      "max of an axis, gradient": () => gradient((a) => tf.max(a, 1), x),
      "all, any": () => tf.logicalOr(tf.all(tf.greater(x, 0.2), 0), tf.any(tf.greater(x, 0.8), 0)),
      logical: () =>
        tf.logicalXor(tf.logicalNot(tf.greater(x, 0.5)), tf.logicalAnd(tf.less(x, 0.7), tf.greater(x, 0.2))),
      moments: () => tf.moments(x, [0, 1]).variance,
      topk: () => tf.topk(x, 2).values,
      unique: () => tf.unique(integers(3, 3, 5)).values,
      bincount: () => tf.bincount(integers(0, 1, 1), channels, 4),
      clip: () => tf.clipByValue(x, 0.3, 0.5),
      "clip, gradient": () => gradient((a) => tf.clipByValue(a, 0.3, 0.5), x),
      confusionMatrix: () => tf.math.confusionMatrix(integers(0, 1, 2), integers(0, 2, 2), 3),
      movingAverage: () => tf.movingAverage(x, tf.square(x), 0.9, undefined, false),
    },
    "matrix products": {
      matMul: () => tf.matMul(x as T2, z as T2, false, true),
      "matMul, gradient": () => gradient((a, b) => tf.matMul(a as T2, b as T2, false, true), x, z),
      batch: () => tf.matMul(uniformOnce([3, 4, 5]), uniformOnce([3, 4, 5]), true, false),
      dot: () => tf.dot(row as T1, row as T1),
      einsum: () => tf.einsum("ij,kj->ik", x, z),
      outerProduct: () => tf.outerProduct(row as T1, channels),
      diag: () => tf.diag(channels),
      qr: () => tf.linalg.qr(tf.transpose(x as T2))[1],
      bandPart: () => tf.linalg.bandPart(tf.slice(x, [0, 0], [4, 4]), 1, 0),
      fused: () =>
        tf.fused.matMul({ a: x as T2, b: z as T2, transposeB: true, activation: "relu", bias: tf.ones([4]) }),
    },
    shapes: {
      reshape: () => tf.reshape(x, [3, 8]),
      "expandDims, squeeze": () => tf.squeeze(tf.expandDims(x, 1)),
      tile: () => tf.tile(x, [2, 3]),
      "tile, gradient": () => gradient((a) => tf.tile(a, [2, 3]), x),
      pad: () =>
        tf.pad(x, [
          [1, 0],
          [0, 2],
        ]),
      "pad, gradient": () =>
        gradient(
          (a) =>
            tf.pad(a, [
              [1, 0],
              [0, 2],
            ]),
          x,
        ),
      mirrorPad: () =>
        tf.mirrorPad(
          x,
          [
            [1, 1],
            [2, 2],
          ],
          "reflect",
        ),
      slice: () => tf.slice(x, [1, 2], [2, 3]),
      "slice, gradient": () => gradient((a) => tf.slice(a, [1, 2], [2, 3]), x),
      stridedSlice: () => tf.stridedSlice(x, [0, 1], [4, 6], [2, 2]),
      concat: () => tf.concat([x, z], 1),
      "concat, gradient": () => gradient((a, b) => tf.concat([a, tf.square(b)], 1), x, z),
      "stack, unstack": () => tf.unstack(tf.stack([x, z]))[1]!,
      split: () => tf.split(x, [1, 2, 3], 1)[2]!,
      "split, gradient": () => gradient((a) => tf.split(a, 2, 1)[1]!, x),
      broadcastTo: () => tf.broadcastTo(x, [3, 4, 6]),
      cast: () => tf.cast(tf.cast(tf.cast(tf.mul(x, 9), "int32"), "bool"), "float32"),
      transpose: () => tf.transpose(image, [0, 3, 1, 2]),
      "linspace, range, eye, fill": () =>
        tf.addN([tf.linspace(0, 1, 3), tf.range(0, 3), tf.fill([3], 2), tf.slice(tf.eye(3), 0, 1).as1D()]),
      meshgrid: () => tf.meshgrid(channels, channels)[1]!,
      depthToSpace: () => tf.depthToSpace(tf.reshape(image, [2, 4, 4, 12]) as T4, 2),
      spaceToBatch: () =>
        tf.spaceToBatchND(
          image,
          [2, 2],
          [
            [0, 0],
            [0, 0],
          ],
        ),
      strings: () => tf.equal(tf.tensor1d(["a", "b"]), tf.tensor1d(["a", "c"])),
    },
    selection: {
      gather: () => tf.gather(x, integers(0, 5, 2), 1),
      "gather, gradient": () => gradient((a) => tf.gather(a, integers(0, 3, 3)), x),
      gatherND: () => tf.gatherND(x, tf.tensor2d([0, 1, 2, 2], [2, 2], "int32")),
      scatterND: () => tf.scatterND(tf.tensor2d([0, 2], [2, 1], "int32"), tf.slice(row, 0, 2), [6]),
      tensorScatterUpdate: () => tf.tensorScatterUpdate(row, tf.tensor2d([0, 2], [2, 1], "int32"), tf.slice(row, 3, 2)),
      unsortedSegmentSum: () => tf.unsortedSegmentSum(x as T2, integers(0, 2, 1, 0), 3),
      oneHot: () => tf.oneHot(two, 5),
      where: () => tf.where(tf.greater(x, 0.5), x, tf.neg(x)),
      "where, gradient": () => gradient((a) => tf.where(tf.greater(x, 0.5), a, tf.neg(a)), z),
      sparseToDense: () => tf.sparseToDense(tf.tensor2d([1, 3], [2, 1], "int32"), tf.slice(row, 0, 2) as T1, [5], 0),
    },
    convolutions: {
      same: () => tf.conv2d(image, kernel, 2, "same"),
      "same, gradient": () => gradient((a, b) => tf.conv2d(a as T4, b as T4, 2, "same"), image, kernel),
      valid: () => tf.conv2d(image, kernel, 1, "valid"),
      "valid, gradient": () => gradient((a, b) => tf.conv2d(a as T4, b as T4, 1, "valid"), image, kernel),
      dilated: () => tf.conv2d(image, kernel, 1, "valid", "NHWC", 2),
      "one axis": () =>
        tf.conv1d(
          uniformOnce([2, 9, 3]) as TensorFlow.Tensor3D,
          uniformOnce([3, 3, 4]) as TensorFlow.Tensor3D,
          2,
          "same",
        ),
      "three axes": () => tf.conv3d(volume, volumeKernel, 1, "same"),
      "three axes, gradient": () => gradient((a, b) => tf.conv3d(a as T5, b as T5, 1, "same"), volume, volumeKernel),
      transposed: () => tf.conv2dTranspose(image, uniformOnce([3, 3, 4, 3]) as T4, [2, 16, 16, 4], 2, "same"),
      depthwise: () => tf.depthwiseConv2d(image, depth, 1, "same"),
      "depthwise, gradient": () => gradient((a, b) => tf.depthwiseConv2d(a as T4, b as T4, 1, "same"), image, depth),
      separable: () => tf.separableConv2d(image, depth, uniformOnce([1, 1, 6, 4]) as T4, 1, "same"),
      fused: () =>
        tf.fused.conv2d({ x: image, filter: kernel, strides: 1, pad: "same", bias: tf.ones([4]), activation: "relu" }),
      dilation: () => tf.dilation2d(image, uniformOnce([2, 2, 3]) as TensorFlow.Tensor3D, 1, "same"),
    },
    "pools and norms": {
      maxPool: () => tf.maxPool(image, 3, 2, "same"),
      "maxPool, gradient": () => gradient((a) => tf.maxPool(a as T4, 3, 2, "same"), image),
      avgPool: () => tf.avgPool(image, 2, 2, "valid"),
      "avgPool, gradient": () => gradient((a) => tf.avgPool(a as T4, 2, 2, "valid"), image),
      avgPool3d: () => tf.avgPool3d(volume, 2, 2, "same"),
      maxPool3d: () => tf.maxPool3d(volume, 2, 2, "same"),
      "maxPool3d, gradient": () => gradient((a) => tf.maxPool3d(a as T5, 2, 2, "same"), volume),
      pool: () => tf.pool(image, 2, "avg", "same", 1, 2),
      batchNorm: () => tf.batchNorm(image, channels, channels, channels, channels, 1e-3),
      "batchNorm, gradient": () =>
        gradient((a, b) => tf.batchNorm(a as T4, b as T1, channels, b as T1, channels, 1e-3), image, channels),
      localResponse: () => tf.localResponseNormalization(image),
      "localResponse, gradient": () => gradient((a) => tf.localResponseNormalization(a as T4), image),
    },
    images: {
      resizeBilinear: () => tf.image.resizeBilinear(image, [5, 7]),
      "resizeBilinear, gradient": () => gradient((a) => tf.image.resizeBilinear(a as T4, [5, 7]), image),
      resizeNearest: () => tf.image.resizeNearestNeighbor(image, [5, 7]),
      cropAndResize: () => tf.image.cropAndResize(image, tf.tensor2d([[0, 0, 0.5, 0.5]]), integers(0), [3, 3]),
      flip: () => tf.image.flipLeftRight(image),
      grayscale: () => tf.image.grayscaleToRGB(tf.slice(image, [0, 0, 0, 0], [2, 8, 8, 1]) as T4),
    },
    signals: {
      fft: () => tf.real(tf.spectral.fft(complex())),
      ifft: () => tf.imag(tf.spectral.ifft(complex())),
      rfft: () => tf.real(tf.spectral.rfft(x)),
      "complex abs": () => tf.abs(complex()),
      stft: () => tf.abs(tf.signal.stft(signal, 16, 8)),
      hannWindow: () => tf.mul(tf.signal.hannWindow(64), signal),
    },
    losses: {
      softmaxCrossEntropy: () => tf.losses.softmaxCrossEntropy(x, z),
      "softmaxCrossEntropy, gradient": () => gradient((a) => tf.losses.softmaxCrossEntropy(x, a), z),
      sigmoidCrossEntropy: () => tf.losses.sigmoidCrossEntropy(x, z),
      huber: () => tf.losses.huberLoss(x, z),
      cosine: () => tf.losses.cosineDistance(x, z, 1),
      accuracy: () => tf.metrics.categoricalAccuracy(x, z),
    },
  };
}

const made = new Map<string, Tensor>();

/** The same tensor for the same shape: what a case looks up is made once, outside of the step. */
function uniformOnce(shape: number[]): Tensor {
  const key = shape.join();
  const known = made.get(key);
  if (known) return known;
  const tensor = tf.keep(uniform(shape, 11));
  made.set(key, tensor);
  return tensor;
}
