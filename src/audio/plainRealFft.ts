/**
 * `RealFft` in float64 without vector instructions: a complex transform of half the size by Stockham's passes of radix 4,
 * 2 and odd numbers, and a pass that separates even from odd samples.
 */
export class PlainRealFft {
  readonly size: number;
  readonly bins: number;
  readonly samples: Float64Array;
  readonly real: Float64Array;
  readonly imaginary: Float64Array;
  private readonly passes: readonly Pass[];
  /** [points, re and im], twice: passes go from one to the other. */
  private readonly buffers: readonly [Float64Array, Float64Array];
  /** [points + 1], of 2 pi k / size. */
  private readonly cosines: Float64Array;
  private readonly sines: Float64Array;

  /** @throws RangeError unless `size` is even and a product of 2, 3, 5, 7 and 11 */
  constructor(size: number) {
    const points = size / 2;
    const order = Number.isInteger(points) && points >= 1 && size <= 2 ** 30 ? radices(points) : undefined;
    if (!order) throw new RangeError(`realFft: size must be even and a product of 2, 3, 5, 7 and 11, got ${size}`);
    this.size = size;
    this.bins = points + 1;
    this.samples = new Float64Array(size);
    this.real = new Float64Array(this.bins);
    this.imaginary = new Float64Array(this.bins);
    this.buffers = [new Float64Array(size), new Float64Array(size)];
    this.cosines = Float64Array.from({ length: this.bins }, (_, k) => Math.cos((2 * Math.PI * k) / size));
    this.sines = Float64Array.from({ length: this.bins }, (_, k) => Math.sin((2 * Math.PI * k) / size));
    let stride = 1;
    this.passes = order.map((radix) => {
      const pass = makePass(radix, points / stride / radix, stride);
      stride *= radix;
      return pass;
    });
  }

  forward(): void {
    const { cosines, sines, real, imaginary } = this;
    const points = this.bins - 1;
    this.buffers[0].set(this.samples);
    const z = this.runPasses();
    for (let k = 0; k <= points; k++) {
      const at = k === points ? 0 : 2 * k;
      const mirror = k === 0 ? 0 : 2 * (points - k);
      const evenRe = (z[at]! + z[mirror]!) / 2;
      const evenIm = (z[at + 1]! - z[mirror + 1]!) / 2;
      const oddRe = (z[at + 1]! + z[mirror + 1]!) / 2;
      const oddIm = (z[mirror]! - z[at]!) / 2;
      real[k] = evenRe + oddRe * cosines[k]! + oddIm * sines[k]!;
      imaginary[k] = evenIm + oddIm * cosines[k]! - oddRe * sines[k]!;
    }
    imaginary[points] = 0; // to rounding it is so already
  }

  inverse(): void {
    const { cosines, sines, real, imaginary, samples } = this;
    const points = this.bins - 1;
    const z = this.buffers[0];
    // The way back is the way there with real and imaginary parts exchanged.
    for (let k = 0; k < points; k++) {
      const plusRe = real[k]! + real[points - k]!;
      const plusIm = imaginary[k]! - imaginary[points - k]!;
      const minusRe = real[k]! - real[points - k]!;
      const minusIm = imaginary[k]! + imaginary[points - k]!;
      z[2 * k + 1] = plusRe - (minusIm * cosines[k]! + minusRe * sines[k]!);
      z[2 * k] = plusIm + (minusRe * cosines[k]! - minusIm * sines[k]!);
    }
    const x = this.runPasses();
    for (let n = 0; n < points; n++) {
      samples[2 * n] = x[2 * n + 1]!;
      samples[2 * n + 1] = x[2 * n]!;
    }
  }

  private runPasses(): Float64Array {
    let [from, to] = this.buffers;
    for (let i = 0; i < this.passes.length; i++) {
      const pass = this.passes[i]!;
      if (pass.radix === 4) pass4(from, to, pass);
      else if (pass.radix === 2) pass2(from, to, pass);
      else oddPass(from, to, pass);
      [from, to] = [to, from];
    }
    return from;
  }
}

interface Pass {
  radix: number;
  /** Butterflies that differ in their twiddles. */
  groups: number;
  /** Butterflies that share them. */
  stride: number;
  /** [groups, radix - 1, re and im] */
  twiddles: Float64Array;
  /** [radix, re and im], the roots of one. */
  roots: Float64Array;
  /** [radix, re and im], scratch. */
  points: Float64Array;
}

function makePass(radix: number, groups: number, stride: number): Pass {
  const twiddles = new Float64Array(2 * (radix - 1) * groups);
  for (let p = 0, at = 0; p < groups; p++) {
    for (let power = 1; power < radix; power++, at += 2) {
      const angle = (-2 * Math.PI * power * p) / (radix * groups);
      twiddles[at] = Math.cos(angle);
      twiddles[at + 1] = Math.sin(angle);
    }
  }
  const roots = new Float64Array(2 * radix);
  for (let k = 0; k < radix; k++) {
    roots[2 * k] = Math.cos((-2 * Math.PI * k) / radix);
    roots[2 * k + 1] = Math.sin((-2 * Math.PI * k) / radix);
  }
  return { radix, groups, stride, twiddles, roots, points: new Float64Array(2 * radix) };
}

function pass4(from: Float64Array, to: Float64Array, { groups, stride, twiddles }: Pass): void {
  const step = 2 * stride * groups;
  const span = 2 * stride;
  for (let p = 0, t = 0; p < groups; p++, t += 6) {
    const cosine1 = twiddles[t]!;
    const sine1 = twiddles[t + 1]!;
    const cosine2 = twiddles[t + 2]!;
    const sine2 = twiddles[t + 3]!;
    const cosine3 = twiddles[t + 4]!;
    const sine3 = twiddles[t + 5]!;
    for (let a = span * p, y = 4 * span * p; a < span * (p + 1); a += 2, y += 2) {
      const b = a + step;
      const c = b + step;
      const d = c + step;
      const acRe = from[a]! + from[c]!;
      const acIm = from[a + 1]! + from[c + 1]!;
      const acReMinus = from[a]! - from[c]!;
      const acImMinus = from[a + 1]! - from[c + 1]!;
      const bdRe = from[b]! + from[d]!;
      const bdIm = from[b + 1]! + from[d + 1]!;
      const bdReMinus = from[b]! - from[d]!;
      const bdImMinus = from[b + 1]! - from[d + 1]!;
      to[y] = acRe + bdRe;
      to[y + 1] = acIm + bdIm;
      write(to, y + span, acReMinus + bdImMinus, acImMinus - bdReMinus, cosine1, sine1);
      write(to, y + 2 * span, acRe - bdRe, acIm - bdIm, cosine2, sine2);
      write(to, y + 3 * span, acReMinus - bdImMinus, acImMinus + bdReMinus, cosine3, sine3);
    }
  }
}

function write(to: Float64Array, at: number, re: number, im: number, cosine: number, sine: number): void {
  to[at] = re * cosine - im * sine;
  to[at + 1] = re * sine + im * cosine;
}

/** x[k] + x[n - k] goes with cosines, x[k] - x[n - k] with sines, which saves half of the products. */
function oddPass(from: Float64Array, to: Float64Array, pass: Pass): void {
  const { radix, groups, stride, twiddles, roots, points } = pass;
  const step = 2 * stride * groups;
  const span = 2 * stride;
  const pairs = (radix - 1) / 2;
  for (let p = 0; p < groups; p++) {
    for (let q = 0; q < span; q += 2) {
      const x = span * p + q;
      const y = radix * span * p + q;
      let totalRe = from[x]!;
      let totalIm = from[x + 1]!;
      for (let k = 1, at = 0; k <= pairs; k++, at += 4) {
        const low = x + k * step;
        const high = x + (radix - k) * step;
        points[at] = from[low]! + from[high]!;
        points[at + 1] = from[low + 1]! + from[high + 1]!;
        points[at + 2] = from[low]! - from[high]!;
        points[at + 3] = from[low + 1]! - from[high + 1]!;
        totalRe += points[at]!;
        totalIm += points[at + 1]!;
      }
      to[y] = totalRe;
      to[y + 1] = totalIm;
      const t = 2 * (radix - 1) * p;
      for (let j = 1; j <= pairs; j++) {
        let cosRe = from[x]!;
        let cosIm = from[x + 1]!;
        let sinRe = 0;
        let sinIm = 0;
        for (let k = 1, at = 0, root = 0; k <= pairs; k++, at += 4) {
          root += j;
          if (root >= radix) root -= radix;
          const cosine = roots[2 * root]!;
          const sine = roots[2 * root + 1]!;
          cosRe += points[at]! * cosine;
          cosIm += points[at + 1]! * cosine;
          sinRe += points[at + 2]! * sine;
          sinIm += points[at + 3]! * sine;
        }
        const first = t + 2 * (j - 1);
        const last = t + 2 * (radix - j - 1);
        write(to, y + j * span, cosRe - sinIm, cosIm + sinRe, twiddles[first]!, twiddles[first + 1]!);
        write(to, y + (radix - j) * span, cosRe + sinIm, cosIm - sinRe, twiddles[last]!, twiddles[last + 1]!);
      }
    }
  }
}

function pass2(from: Float64Array, to: Float64Array, { groups, stride, twiddles }: Pass): void {
  const step = 2 * stride * groups;
  const span = 2 * stride;
  for (let p = 0; p < groups; p++) {
    for (let x = span * p, y = 2 * span * p; x < span * (p + 1); x += 2, y += 2) {
      to[y] = from[x]! + from[x + step]!;
      to[y + 1] = from[x + 1]! + from[x + step + 1]!;
      const re = from[x]! - from[x + step]!;
      const im = from[x + 1]! - from[x + step + 1]!;
      write(to, y + span, re, im, twiddles[2 * p]!, twiddles[2 * p + 1]!);
    }
  }
}

/** The radices of the passes, four as often as possible. */
function radices(count: number): number[] | undefined {
  const order: number[] = [];
  let rest = count;
  for (const radix of [4, 2, 3, 5, 7, 11]) {
    for (; rest % radix === 0; rest /= radix) order.push(radix);
  }
  return rest === 1 ? order : undefined;
}
