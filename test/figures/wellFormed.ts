import { expect } from "vitest";

/** Every start tag has its end tag, attributes are quoted, every number is one: enough to tell well-formed from broken. */
export function expectWellFormed(svg: string): void {
  const open: string[] = [];
  const rest = svg.replace(
    /<(\/?)([a-zA-Z]+)((?:\s[\w-]+(?::\w+)?="[^"<]*")*)\s*(\/?)>/g,
    (_, close, name, _attributes, self) => {
      if (close) expect(open.pop()).toBe(name);
      else if (!self) open.push(name);
      return "";
    },
  );
  expect(open).toEqual([]);
  expect(rest).not.toMatch(/[<>]/);
  expect(svg).toMatch(/<title>[^<]+<\/title><desc>[^<]+<\/desc>/);
  // Base64 may hold any letters.
  expect(svg.replace(/base64,[^"]*/g, "")).not.toMatch(/NaN|undefined|Infinity|\bnull\b/);
}

/** Plain JSON through and through: what is undefined or no number would be lost, or be drawn as something else. */
export function expectPlainJson(value: unknown): void {
  expect(JSON.parse(JSON.stringify(value))).toEqual(withoutSignedZeros(value));
}

/** JSON has no -0. */
function withoutSignedZeros(value: unknown): unknown {
  if (typeof value === "number") return value + 0;
  if (Array.isArray(value)) return value.map(withoutSignedZeros);
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withoutSignedZeros(one)]));
}
