import fc from "fast-check";
import { expect, test } from "vitest";
import { Heap } from "../../../src/suite/planning/heap.js";

test("what is taken is always the first of what is there, as a sorted list has it", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.integer(), fc.constant("pop"), fc.constant("keep even"))), (deeds) => {
      const heap = new Heap<number>((a, b) => a - b);
      let list: number[] = [];
      for (const deed of deeds) {
        if (deed === "pop") expect(heap.pop()).toBe(list.shift());
        else if (deed === "keep even") {
          heap.keep((one) => one % 2 === 0);
          list = list.filter((one) => one % 2 === 0);
        } else {
          heap.push(deed as number);
          list = [...list, deed as number].sort((a, b) => a - b);
        }
        expect([heap.size, heap.first]).toEqual([list.length, list[0]]);
      }
    }),
  );
});
