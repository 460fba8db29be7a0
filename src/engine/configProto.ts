/**
 * How TensorFlow may rewrite a function before it runs it: a ConfigProto in its wire format (tensorflow/core/protobuf/config.proto,
 * rewriter_config.proto), given with each call. On the context it has no effect.
 */

/** Fields of RewriterConfig; each takes a Toggle. */
const CONSTANT_FOLDING = 3;
const ARITHMETIC_OPTIMIZATION = 7;
const REMAPPING = 14;
const AUTO_MIXED_PRECISION_ONEDNN_BFLOAT16 = 31;

const ON = 1;
const OFF = 2;

/**
 * @param options.bf16 convolutions and matrix products in bfloat16, with float32 weights: faster, and not bit-equal to anything
 * @param options.fused kernels that do what several do when steps run eagerly
 */
export function configProto(options: { bf16: boolean; fused: boolean }): Uint8Array {
  // Folding and arithmetic replace terms by others that are equal on paper and rounded differently: x / sqrt(y) by x * rsqrt(y),
  // (x * 2) * 3 by x * 6. Remapping puts kernels in the place of several that eager steps run. A captured step would differ from an
  // eager one, as it does where remapping is asked for.
  const remapping = toggle(REMAPPING, options.fused ? ON : OFF);
  const rewriter = [toggle(CONSTANT_FOLDING, OFF), toggle(ARITHMETIC_OPTIMIZATION, OFF), remapping];
  if (options.bf16) rewriter.push(toggle(AUTO_MIXED_PRECISION_ONEDNN_BFLOAT16, ON));
  const graphOptions = message(10, rewriter.flat()); // GraphOptions.rewrite_options
  return Uint8Array.from(message(10, graphOptions)); // ConfigProto.graph_options
}

function toggle(field: number, value: number): number[] {
  return [...varint(field << 3), value];
}

function message(field: number, bytes: number[]): number[] {
  return [(field << 3) | 2, ...varint(bytes.length), ...bytes];
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(value >> 7)];
}
