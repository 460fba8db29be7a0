/** Plain data: what JSON can hold. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/**
 * JSON with sorted keys and without spaces, so that equal data is equal text, whatever the order of writing.
 *
 * @throws TypeError naming the place of anything that JSON would drop or change (undefined, NaN, functions)
 */
export function canonicalJson(value: Json, place = "value"): string {
  if (value === null || typeof value === "boolean" || typeof value === "string") return JSON.stringify(value);
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw new TypeError(`canonicalJson: ${place} is ${value}, which JSON cannot hold`);
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map((item, i) => canonicalJson(item, `${place}[${i}]`)).join(",")}]`;
  if (typeof value !== "object") throw new TypeError(`canonicalJson: ${place} is ${typeof value}, not plain data`);
  const object = value as { readonly [key: string]: Json };
  const fields = Object.keys(object)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(object[key]!, `${place}.${key}`)}`);
  return `{${fields.join(",")}}`;
}
