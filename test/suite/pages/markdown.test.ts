import { expect, test } from "vitest";
import { markdownTable, plain } from "../../../src/suite/pages/markdown.js";

test("what would be markup is text", () => {
  expect(plain("a|b *c* _d_ `e` <f> [g](h) $i$ ~j~ \\")).toBe(
    "a\\|b \\*c\\* \\_d\\_ \\`e\\` \\<f\\> \\[g\\](h) \\$i\\$ \\~j\\~ \\\\",
  );
});

test("a table has a rule of its columns' widths, and numbers to the right", () => {
  expect(
    markdownTable(
      ["row", { right: "Se" }],
      [
        ["CNN", "0.5"],
        ["ResNet 18", "–"],
      ],
    ),
  ).toBe(["| row       |  Se |", "| --------- | --: |", "| CNN       | 0.5 |", "| ResNet 18 |   – |"].join("\n"));
});
