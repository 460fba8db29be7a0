import * as fc from "fast-check";
import { expect, test } from "vitest";
import { RingBuffer } from "../../src/inference/ringBuffer.js";

test("what is read is what a list of everything has at those places; what is gone or to come is refused", () => {
  const parts = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(parts, fc.integer({ min: 9, max: 25 }), (lengths, capacity) => {
      const ring = new RingBuffer(capacity);
      const all: number[] = [];
      for (const length of lengths) {
        const part = Float32Array.from({ length }, () => all.push(all.length) - 1);
        ring.write(part);
        const oldest = Math.max(0, all.length - capacity);
        for (let start = oldest; start <= all.length; start++)
          for (const end of [start, all.length]) expect([...ring.read(start, end)]).toEqual(all.slice(start, end));
        expect(() => ring.read(oldest, all.length + 1)).toThrow("it holds");
        expect(() => ring.read(oldest - 1, all.length)).toThrow("it holds");
      }
      expect(ring.received).toBe(all.length);
    }),
  );
  expect(() => new RingBuffer(3).write(new Float32Array(4))).toThrow("4 samples at once; it holds 3");
});
