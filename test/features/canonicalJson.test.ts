import { describe, expect, it } from "vitest";
import { canonicalJson, type Json } from "../../src/features/canonicalJson.js";

describe("canonicalJson", () => {
  it("sorts keys at every depth and keeps the order of lists", () => {
    const text = canonicalJson({ b: [2, { d: null, c: "x" }, 1], a: true });
    expect(text).toBe('{"a":true,"b":[2,{"c":"x","d":null},1]}');
    expect(JSON.parse(text)).toEqual({ a: true, b: [2, { c: "x", d: null }, 1] });
  });

  it("refuses what JSON would drop or change, and says where", () => {
    expect(() => canonicalJson({ a: [1, Number.NaN] })).toThrow("value.a[1] is NaN");
    expect(() => canonicalJson({ a: undefined } as unknown as Json)).toThrow("value.a is undefined");
    expect(() => canonicalJson({ f: () => 1 } as unknown as Json)).toThrow("value.f is function");
  });
});
