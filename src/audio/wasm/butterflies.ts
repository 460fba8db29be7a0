import { type Code, type FunctionWriter, f32x4 } from "./assembler.js";

/** Four complex values, as code that reads two vectors. */
export interface Complex {
  re: Code;
  im: Code;
}

const { add, sub, mul, splat } = f32x4;

export function complex(f: FunctionWriter, re: Code, im: Code): Complex {
  return { re: f.vector(re), im: f.vector(im) };
}

export function complexProduct(f: FunctionWriter, a: Complex, b: Complex): Complex {
  return complex(
    f,
    sub(mul(a.re, b.re), mul(a.im, b.im)), //
    add(mul(a.re, b.im), mul(a.im, b.re)),
  );
}

const sum = (f: FunctionWriter, a: Complex, b: Complex) => complex(f, add(a.re, b.re), add(a.im, b.im));
const difference = (f: FunctionWriter, a: Complex, b: Complex) => complex(f, sub(a.re, b.re), sub(a.im, b.im));
/** a - i b */
const minusI = (f: FunctionWriter, a: Complex, b: Complex) => complex(f, add(a.re, b.im), sub(a.im, b.re));
/** a + i b */
const plusI = (f: FunctionWriter, a: Complex, b: Complex) => complex(f, sub(a.re, b.im), add(a.im, b.re));

/** The transform of n points, 2, 4, 8 or odd: out[j] = sum over k of x[k] exp(-2 pi i j k / n). */
export function butterfly(f: FunctionWriter, x: readonly Complex[]): Complex[] {
  if (x.length === 2) return [sum(f, x[0]!, x[1]!), difference(f, x[0]!, x[1]!)];
  if (x.length === 4) return butterfly4(f, x);
  if (x.length === 8) return butterfly8(f, x);
  return oddButterfly(f, x);
}

function butterfly4(f: FunctionWriter, [a, b, c, d]: readonly Complex[]): Complex[] {
  const ac = sum(f, a!, c!);
  const acMinus = difference(f, a!, c!);
  const bd = sum(f, b!, d!);
  const bdMinus = difference(f, b!, d!);
  return [sum(f, ac, bd), minusI(f, acMinus, bdMinus), difference(f, ac, bd), plusI(f, acMinus, bdMinus)];
}

function butterfly8(f: FunctionWriter, x: readonly Complex[]): Complex[] {
  const even = butterfly4(f, [x[0]!, x[2]!, x[4]!, x[6]!]);
  const odd = butterfly4(f, [x[1]!, x[3]!, x[5]!, x[7]!]);
  const root = splat(Math.SQRT1_2);
  const minusRoot = splat(-Math.SQRT1_2);
  // Times exp(-i pi / 4) and exp(-3 i pi / 4).
  const [, first, , third] = odd as [Complex, Complex, Complex, Complex];
  odd[1] = complex(f, mul(add(first.re, first.im), root), mul(sub(first.im, first.re), root));
  odd[3] = complex(f, mul(sub(third.im, third.re), root), mul(add(third.re, third.im), minusRoot));
  const low: Complex[] = [];
  const high: Complex[] = [];
  for (let k = 0; k < 4; k++) {
    low.push(k === 2 ? minusI(f, even[k]!, odd[k]!) : sum(f, even[k]!, odd[k]!));
    high.push(k === 2 ? plusI(f, even[k]!, odd[k]!) : difference(f, even[k]!, odd[k]!));
  }
  return [...low, ...high];
}

/** By pairs of points that are conjugate to each other: x[k] + x[n - k] goes with cosines, x[k] - x[n - k] with sines. */
function oddButterfly(f: FunctionWriter, x: readonly Complex[]): Complex[] {
  const n = x.length;
  const pairs = (n - 1) / 2;
  const plus: Complex[] = [];
  const minus: Complex[] = [];
  for (let k = 1; k <= pairs; k++) {
    plus.push(sum(f, x[k]!, x[n - k]!));
    minus.push(difference(f, x[k]!, x[n - k]!));
  }
  const total = { re: x[0]!.re, im: x[0]!.im };
  for (const pair of plus) {
    total.re = f.vector(add(total.re, pair.re));
    total.im = f.vector(add(total.im, pair.im));
  }
  const out: Complex[] = [total];
  for (let j = 1; j <= pairs; j++) {
    const weighted = (from: Complex[], part: "re" | "im", weight: (angle: number) => number) =>
      from
        .map((pair, k) => mul(pair[part], splat(weight((2 * Math.PI * ((j * (k + 1)) % n)) / n))))
        .reduce((a, b) => add(a, b));
    const cosines = complex(
      f,
      add(x[0]!.re, weighted(plus, "re", Math.cos)),
      add(x[0]!.im, weighted(plus, "im", Math.cos)),
    );
    const sines = complex(f, weighted(minus, "re", Math.sin), weighted(minus, "im", Math.sin));
    out[j] = minusI(f, cosines, sines);
    out[n - j] = plusI(f, cosines, sines);
  }
  return out;
}
