import { expect, test } from "vitest";
import { type Cell, cellText, type Notebook } from "../../../src/lab/notebooks/notebook.js";
import { parametersOf, withParameters } from "../../../src/lab/notebooks/parameters.js";

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
        "// let nothing = 1;",
        'let task: "11" | "12" | "21" = "11"; // which = one',
        "let epochs = 2;",
        "let rate = -0.5",
        "let quick: boolean = true;",
        'let sets: ("inter" | "intra")[] = [',
        '  "inter",',
        "];",
        "let folds: readonly number[] = [0];",
        'let device: string | undefined = "=;//";',
        'let bands: 32 | 64 | "all" = 64;',
        'let protocol: Protocol = "honest";',
        "let options: Options = { a: 1 };",
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

const assigned = (...given: string[]) => cellText(withParameters(notebook, given).cells[2]!).split("\n").slice(1, -1);

test("the declared parameters are found, over several lines too, with their defaults as written", () => {
  expect(parametersOf(notebook).map(({ name, literal }) => [name, literal])).toEqual([
    ["task", '"11"'],
    ["epochs", "2"],
    ["rate", "-0.5"],
    ["quick", "true"],
    ["sets", '[\n  "inter",\n]'],
    ["folds", "[0]"],
    ["device", '"=;//"'],
    ["bands", "64"],
    ["protocol", '"honest"'],
    ["options", "{ a: 1 }"],
  ]);
  expect(parametersOf({ ...notebook, cells: [code("let epochs = 2;")] })).toEqual([]);
});

test("values are assigned in a cell after the parameters", () => {
  const changed = withParameters(notebook, ["task=12", "epochs=1e1"]);
  expect(changed.cells).toHaveLength(notebook.cells.length + 1);
  expect(changed.cells[2]!.metadata.tags).toEqual(["injected-parameters"]);
  expect(cellText(changed.cells[2]!)).toBe('{\n  task = "12";\n  epochs = 10;\n}');
  expect(changed.cells[3]).toBe(notebook.cells[2]);
});

test.each([
  ["rate=0.25", "rate = 0.25;"],
  ["quick=false", "quick = false;"],
  ["sets=inter,intra", 'sets = ["inter","intra"];'],
  ['sets=["intra"]', 'sets = ["intra"];'],
  ["folds=0, 2", "folds = [0,2];"],
  ["folds=[]", "folds = [];"],
  ["device=Meditron", 'device = "Meditron";'],
  ["device=", 'device = "";'],
  ["device=undefined", "device = undefined;"],
  ["bands=32", "bands = 32;"],
  ["bands=all", 'bands = "all";'],
  // Of types that only the kernel knows, the default tells how values are written.
  ["protocol=published", 'protocol = "published";'],
  ['options={"a": 2}', 'options = {"a":2};'],
])("-p %s becomes %s", (assignment, line) => {
  expect(assigned(assignment)).toEqual([`  ${line}`]);
});

test("text is quoted, so that a value cannot become code", () => {
  expect(assigned('device="; process.exit() //')).toEqual([String.raw`  device = "\"; process.exit() //";`]);
});

test("nothing is added when nothing is given", () => {
  expect(withParameters(notebook, [])).toBe(notebook);
});

test.each([
  ["epoch=3", 'epoch: this notebook has no such parameter (did you mean "epochs"?). It has:\n  task="11"'],
  ["fixed=3", "fixed: this notebook has no such parameter"],
  ["nothing=3", "nothing: this notebook has no such parameter"],
  ["epochs", "-p epochs is not of the form name=value"],
  ["=3", "-p =3 is not of the form name=value"],
  ["task=13", '-p task=13: must be "11", "12" or "21". The default is "11".'],
  ["epochs=many", "-p epochs=many: must be a number. The default is 2."],
  ["epochs=", "-p epochs=: must be a number"],
  ["epochs=Infinity", "must be a number"],
  ["quick=1", "-p quick=1: must be true or false"],
  ["sets=inner", 'each of them "inter" or "intra". The default'],
  ['sets=["inner"]', 'each of them "inter" or "intra"'],
  ["sets=", "must be values with commas between, or a JSON array"],
  ["folds=0,x", "each of them a number"],
  ['folds=["0"]', "each of them a number"],
  ["bands=48", 'must be 32, 64 or "all"'],
  ["options=a", "must be JSON (the type is Options)"],
])("%s is refused with what would be right", (assignment, message) => {
  expect(() => withParameters(notebook, [assignment])).toThrow(message);
});

test("a name given twice is refused", () => {
  expect(() => withParameters(notebook, ["sets=inter", "sets=intra"])).toThrow("-p sets=first,second");
});

test("a notebook without parameters says so", () => {
  expect(() => withParameters({ ...notebook, cells: [code("1")] }, ["a=1"])).toThrow("takes no parameters");
});
