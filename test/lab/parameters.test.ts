import { expect, test } from "vitest";
import { type Cell, cellText, type Notebook } from "../../src/lab/notebook.js";
import { parametersOf, withParameters } from "../../src/lab/parameters.js";

const code = (source: string, ...tags: string[]): Cell => ({
  cell_type: "code",
  id: source.slice(0, 8),
  source,
  metadata: { tags },
  execution_count: null,
  outputs: [],
});

const notebook: Notebook = {
  cells: [
    { cell_type: "markdown", id: "head", source: "# Title", metadata: {} },
    code(
      [
        'let task: "11" | "12" = "11"; // which',
        "let epochs = 2;",
        "let rate = -0.5",
        "let quick = true;",
        'let sets: string[] = ["inter", "intra"];',
        "const fixed = 3;",
      ].join("\n"),
      "parameters",
    ),
    code("console.log(task)"),
  ],
  metadata: {},
  nbformat: 4,
  nbformat_minor: 5,
};

test("the declared parameters are found, with their defaults as written", () => {
  expect(parametersOf(notebook)).toEqual([
    { name: "task", literal: '"11"' },
    { name: "epochs", literal: "2" },
    { name: "rate", literal: "-0.5" },
    { name: "quick", literal: "true" },
    { name: "sets", literal: '["inter", "intra"]' },
  ]);
  expect(parametersOf({ ...notebook, cells: [code("let epochs = 2;")] })).toEqual([]);
});

test("values are assigned in a cell after the parameters, each in the kind of its default", () => {
  const given = ["task=12", "epochs=1e1", "rate=0.25", "quick=false", 'sets=["inter"]'];
  const changed = withParameters(notebook, given);
  expect(changed.cells).toHaveLength(notebook.cells.length + 1);
  expect(changed.cells[2]!.metadata.tags).toEqual(["injected-parameters"]);
  expect(cellText(changed.cells[2]!).split("\n")).toEqual([
    "{",
    '  task = "12";',
    "  epochs = 10;",
    "  rate = 0.25;",
    "  quick = false;",
    '  sets = ["inter"];',
    "}",
  ]);
  expect(changed.cells[3]).toBe(notebook.cells[2]);
});

test("text is quoted, so that a value cannot become code", () => {
  const text = cellText(withParameters(notebook, ['task="; process.exit() //']).cells[2]!);
  expect(text).toBe(String.raw`{
  task = "\"; process.exit() //";
}`);
});

test("nothing is added when nothing is given", () => {
  expect(withParameters(notebook, [])).toBe(notebook);
});

test.each([
  ["epoch=3", 'epoch: this notebook has no such parameter. It has: task ("11"), epochs (2), rate (-0.5)'],
  ["fixed=3", "fixed: this notebook has no such parameter"],
  ["epochs", "-p epochs is not of the form name=value"],
  ["=3", "-p =3 is not of the form name=value"],
  ["epochs=many", "-p epochs=many: a number is needed here (the default is 2)"],
  ["epochs=", "-p epochs=: a number is needed here"],
  ["quick=1", "-p quick=1: true or false is needed here"],
  ["sets=inter", "-p sets=inter: JSON is needed here"],
])("%s is refused with what would be right", (assignment, message) => {
  expect(() => withParameters(notebook, [assignment])).toThrow(message);
});

test("a notebook without parameters says so", () => {
  expect(() => withParameters({ ...notebook, cells: [code("1")] }, ["a=1"])).toThrow("takes no parameters");
});
