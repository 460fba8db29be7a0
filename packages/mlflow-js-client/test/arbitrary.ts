import fc from "fast-check";

/** Decides all that is drawn; another by `MLFLOW_JS_CLIENT_TEST_SEED`. fast-check prints it with a counterexample. */
export const seed = Number(process.env.MLFLOW_JS_CLIENT_TEST_SEED ?? 8_2026);

/** How often a property is tried: a third of the whole number, unless `AUSCULT_TEST_SLOW` asks for all. */
export const times = (whole: number): number => (process.env.AUSCULT_TEST_SLOW ? whole : Math.ceil(whole / 3));

/** Texts of any characters that UTF-8 has, but for NUL; some of them nothing but what a parser stumbles over. */
export function texts(maxLength: number, minLength = 0): fc.Arbitrary<string> {
  const length = { minLength, maxLength };
  const stumbling = [..."'\"\\`´%_;()[],.-/*$#:=<>?@ \n\r\t\u2028\u00a0aAé漢😀\u0301\u200d\ufeff\uffff\u0001\u007f"];
  return fc
    .oneof(
      fc.string({ unit: "binary", ...length }),
      fc.string({ unit: "grapheme", ...length }),
      fc.string({ unit: fc.constantFrom(...stumbling), ...length }),
      fc.constantFrom(
        ...[
          "a OR 1=1",
          "--",
          "/*",
          "NULL",
          "a' AND tags.x = 'b",
          'a" OR "b',
          "\\",
          "\\'",
          "\\u0041",
          "%41",
          "{}",
          "  ",
        ],
      ),
    )
    .map((text) => text.replaceAll("\0", "0"))
    .filter((text) => text.length >= minLength && [...text].length <= maxLength);
}

/** Letters and digits of many scripts, as old as the Unicode version of the servers' Python (14.0, of 2021). */
const letters = [..."abzAZ019_äßŁжΩאبकขㄅあ中한𝒜𐍈ªⅫ²"];

/** Names of metrics, parameters and tags: normal relative paths. */
export function keys(): fc.Arbitrary<string> {
  const inner = fc.string({ unit: fc.constantFrom(...letters, ..." .-:"), minLength: 1, maxLength: 12 });
  const part = inner.filter((text) => text !== "." && text !== "..");
  return fc
    .array(part, { minLength: 1, maxLength: 4 })
    .map((parts) => parts.join("/"))
    .filter((key) => !key.startsWith(".."));
}

/** Numbers that computers tend to spoil, and any others. */
export function numbers(): fc.Arbitrary<number> {
  const odd = [
    0,
    -0,
    5e-324,
    -5e-324,
    2.2250738585072014e-308,
    1.7976931348623155e308,
    0.1,
    1 / 3,
    1e21,
    1e-7,
    2 ** 53,
  ];
  // The largest is how the server writes an infinity, and is refused.
  const any = fc.double({ noNaN: true, noDefaultInfinity: true }).filter((n) => Math.abs(n) !== Number.MAX_VALUE);
  return fc.oneof(fc.constantFrom(...odd), any, fc.integer());
}
