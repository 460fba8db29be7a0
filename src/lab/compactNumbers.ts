/** Below this, an array is left readable. */
const MINIMUM_LENGTH = 64;

/**
 * A copy of a plotly figure in which long arrays of numbers, and tables of them, are plotly's base64 form
 * `{dtype, bdata, shape}`: one byte a number for small integers, else four (single precision). A notebook file holds an
 * array as text with one number a line, five to ten times as large. Nulls, which are gaps, become NaN, which is one too.
 */
export function compactNumbers(value: unknown): unknown {
  if (Array.isArray(value)) return packed(value) ?? value.map(compactNumbers);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, compactNumbers(inner)]));
}

function packed(array: unknown[]): { dtype: string; bdata: string; shape?: string } | undefined {
  if (array.length >= MINIMUM_LENGTH && isNumbers(array)) return encode(array);
  const [first] = array;
  if (!Array.isArray(first) || array.length * first.length < MINIMUM_LENGTH) return undefined;
  const columns = first.length;
  if (!array.every((row): row is (number | null)[] => Array.isArray(row) && row.length === columns && isNumbers(row)))
    return undefined;
  return { ...encode(array.flat()), shape: `${array.length}, ${columns}` };
}

function isNumbers(array: unknown[]): array is (number | null)[] {
  return array.every((value) => value === null || (typeof value === "number" && Number.isFinite(value)));
}

function encode(values: (number | null)[]): { dtype: string; bdata: string } {
  const numbers = values.map((value) => value ?? Number.NaN);
  const small = numbers.every((value) => Number.isInteger(value) && value >= -128 && value <= 127);
  const typed = small ? Int8Array.from(numbers) : Float32Array.from(numbers);
  const bdata = Buffer.from(typed.buffer, typed.byteOffset, typed.byteLength).toString("base64");
  return { dtype: small ? "i1" : "f4", bdata };
}
