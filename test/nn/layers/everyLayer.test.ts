import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";

const folder = path.resolve("src/nn/layers");

test("every layer that TensorFlow.js is told of is imported", () => {
  const read = (name: string) => readFileSync(path.join(folder, name), "utf8");
  const told = readdirSync(folder).filter((name) => read(name).includes("registerClass("));
  expect(told.length).toBeGreaterThan(10);
  const imported = [...read("everyLayer.ts").matchAll(/^import "\.\/(.+)\.js";$/gm)].map(([, name]) => `${name}.ts`);
  expect(imported.sort()).toEqual(told.sort());
});
