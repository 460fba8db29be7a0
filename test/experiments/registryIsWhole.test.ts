import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { runCommand } from "../../src/cli/run.js";
import { showCommand } from "../../src/cli/show.js";
import { parseIcbhiSplit } from "../../src/datasets/icbhi/splitName.js";
import { projectRoot } from "../../src/node/paths.js";
import { readPrint } from "../../src/suite/identities/print.js";
import { homeOf } from "../../src/suite/planning/expand.js";
import { allExperiments, decidedAmbiguities, experimentIds } from "../../src/suite/registry.js";

/** The ids of the project's list of printed tables and figures: blocks with a `vary` field, items of figures and extras. */
const LISTED = `
  cycleguardian/ table1 table2 table3 table4 table5 table6 table7 table8 table9 table10
  cycleguardian/ fig6 fig7 fig8 fig9 fig10 fig11 fig12 fig13-14
  multibreath/ table1 table2 table3 table4 table5 heads fig1 pretrain-source
  supcon-sprs/ table1 table2 table3 abstract fig2 fig3 fig4 tune
  glancegaze/ table1 table2 stft fig4
  respirenet/ table1 table2-length table3-device-ft table4-device-counts table5-device-shares table6-single-device
  respirenet/ text-ablations readme-extra log fig3 fig4 fig5 fig6
  reference/ scl-icbhi`
  .trim()
  .split("\n")
  .flatMap((line) => {
    const [paper, ...names] = line.trim().split(/\s+/);
    return names.map((name) => `${paper}${name}`);
  });

describe("the registry", async () => {
  const entries = await allExperiments();
  const byId = new Map(entries.map((entry) => [entry.id, entry]));

  test("holds every listed table and figure", () => {
    expect(LISTED).toHaveLength(52);
    expect(experimentIds()).toEqual(expect.arrayContaining(LISTED));
  });

  test.each(entries.map((entry) => [entry.id, entry] as const))("%s is whole", (id, entry) => {
    expect(id.startsWith(`${entry.paper}/`)).toBe(true);
    const keys = entry.columns.map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
    expect(new Set(entry.rows.map(({ name }) => name)).size).toBe(entry.rows.length);
    for (const { printed } of entry.rows) expect(keys).toEqual(expect.arrayContaining(Object.keys(printed)));
    for (const { task, fold } of [...entry.columns, ...entry.rows.map(({ runs }) => runs ?? {})]) {
      if (task !== undefined) expect(entry.tasks).toContain(task);
      if (fold !== undefined) expect(entry.folds).toContain(fold);
    }
    for (const fold of entry.folds ?? []) expect(() => parseIcbhiSplit(fold)).not.toThrow();
    const trains = entry.rows.some(({ state }) => state === "built" || state === "not built");
    expect(entry.fullRun !== null).toBe(trains && entry.tasks.length > 0);
    expect(entry.flags.every((remark) => remark.endsWith("."))).toBe(true);
  });

  test("every row's runs are those of a row that is trained, in a task and split that its entry has", () => {
    for (const entry of entries) {
      for (const row of entry.rows) {
        const home = homeOf(entry, row, byId);
        const there = byId.get(home.experiment)!;
        const trained = there.rows.find(({ name }) => name === home.row)!;
        if (row.state === "built" || row.state === "not built") expect(trained.state).toMatch(/built/);
        if (home.task !== undefined) expect(there.tasks).toContain(home.task);
        if (home.fold !== undefined) expect(there.folds).toContain(home.fold);
        for (const { experiment, row: name, columns } of row.repeats ?? []) {
          const repeated = byId.get(experiment)!.rows.find((one) => one.name === name)!;
          for (const [own, theirs] of Object.entries(columns)) {
            expect(row.printed[own], `${entry.id} ${row.name}`).toEqual(expect.any(Number));
            expect(repeated.printed[theirs], `${experiment} ${name}`).toEqual(expect.any(Number));
          }
        }
      }
    }
    // Throws for a difference to a row that is not there.
    expect(() => readPrint(entries)).not.toThrow();
  });

  test("nothing is trained twice under two names: rows of equal name in one paper share a home or differ in what they state", () => {
    const homes = (id: string, row: string) => {
      const entry = byId.get(id)!;
      const { experiment, row: name } = homeOf(entry, entry.rows.find((one) => one.name === row)!, byId);
      return `${experiment} ${name}`;
    };
    const same: [id: string, row: string][][] = [
      [
        ["cycleguardian/table2", "Ours (cos)"],
        ["cycleguardian/table3", "Both"],
        ["cycleguardian/table4", "Both vs. Normal"],
        ["cycleguardian/table9", "IDEC + GCL (cos)"],
        ["cycleguardian/fig7", "Ours (cos)"],
      ],
      [
        ["cycleguardian/table8", "Base DEC"],
        ["cycleguardian/table9", "Base DEC"],
      ],
      [
        ["cycleguardian/fig8", "Ours (cos)"],
        ["cycleguardian/table6", "Ours"],
        ["cycleguardian/fig9", "Ours (cos)"],
      ],
      [
        ["multibreath/table4", "mel CNN6"],
        ["multibreath/table3", "CNN6"],
        ["multibreath/table5", "Multi-CNN6 [ours]"],
        ["multibreath/heads", "H = 6"],
      ],
      [
        ["glancegaze/table2", "Proposed"],
        ["glancegaze/table1", "Proposed"],
        ["glancegaze/fig4", "Proposed"],
      ],
      [
        ["respirenet/table1", "CNN"],
        ["respirenet/table2-length", "7 s"],
        ["respirenet/text-ablations", "Standard augmentation"],
        ["respirenet/log", "Epoch 182"],
      ],
      [
        ["supcon-sprs/table3", "ResNet 18 + SupCon + MixUp"],
        ["supcon-sprs/table1", "+ MixUp, Train"],
        ["supcon-sprs/fig3", "1-1 Normal"],
      ],
    ];
    for (const group of same) expect(new Set(group.map(([id, row]) => homes(id, row))).size, group[0]![0]).toBe(1);
  });

  test("each of the 65 decided ambiguities bears on an entry, and each entry names only such", async () => {
    const numbers = (await decidedAmbiguities()).map(({ number }) => number);
    expect(numbers).toEqual(Array.from({ length: 65 }, (_, i) => i + 1));
    const named = new Set(entries.flatMap(({ ambiguities }) => ambiguities));
    expect([...named].sort((a, b) => a - b)).toEqual(numbers);
  });

  test.each(entries.map((entry) => [entry.id, entry] as const))("the command of %s is one", async (id, entry) => {
    const [npx, auscult, name, ...args] = wordsOf(entry.command);
    expect([npx, auscult]).toEqual(["npx", "auscult"]);
    const command = (name === "show" ? showCommand() : runCommand()).exitOverride().action(() => {});
    expect(command.name()).toBe(name);
    await command.parseAsync(args, { from: "user" });
    expect(command.args).toEqual([id]);
    const asked = command.opts<{
      row?: string[];
      task?: string[];
      fold?: string[];
      protocol?: string[];
      preset?: string;
    }>();
    const has: [readonly string[] | undefined, readonly string[]][] = [
      [asked.row, entry.rows.map(({ name }) => name)],
      [asked.task, entry.tasks],
      [asked.fold, entry.folds ?? []],
      [asked.protocol, entry.protocols],
    ];
    for (const [words, known] of has) expect(known).toEqual(expect.arrayContaining([...(words ?? [])]));
    if (asked.preset !== undefined) expect(entry.presets).toContain(asked.preset);
  });
});

/** Words of a command line; double quotes hold one together. */
function wordsOf(command: string): string[] {
  return [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain!);
}

describe("experiments/", () => {
  const folder = path.join(projectRoot(), "experiments");
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));

  test.each(files)("%s holds literals only", (file) => {
    const source = ts.createSourceFile(file, readFileSync(path.join(folder, file), "utf8"), ts.ScriptTarget.Latest);
    for (const statement of source.statements) {
      if (ts.isInterfaceDeclaration(statement)) continue;
      if (ts.isImportDeclaration(statement)) {
        expect(statement.importClause?.isTypeOnly).toBe(true);
        continue;
      }
      expect(ts.isVariableStatement(statement), statement.getText(source)).toBe(true);
      for (const { initializer } of (statement as ts.VariableStatement).declarationList.declarations)
        expect(computed(initializer!), initializer!.getText(source).slice(0, 80)).toEqual([]);
    }
  });

  test("what the folder holds beside entries is results", () => {
    const others = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((one) => one.isFile() && !one.name.endsWith(".ts"))
      .map(({ parentPath }) => path.basename(parentPath));
    expect(new Set(others)).toEqual(
      new Set(existsSync(path.join(folder, "supcon-sprs", "results")) ? ["results"] : []),
    );
  });
});

/** Everything in an expression that is no literal. */
function computed(node: ts.Expression): string[] {
  if (ts.isObjectLiteralExpression(node))
    return node.properties.flatMap((one) =>
      ts.isPropertyAssignment(one) && !ts.isComputedPropertyName(one.name)
        ? computed(one.initializer)
        : [one.getText()],
    );
  if (ts.isArrayLiteralExpression(node)) return node.elements.flatMap(computed);
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.MinusToken) return computed(node.operand);
  const plain = [ts.SyntaxKind.TrueKeyword, ts.SyntaxKind.FalseKeyword, ts.SyntaxKind.NullKeyword];
  const isLiteral =
    ts.isStringLiteral(node) ||
    ts.isNumericLiteral(node) ||
    ts.isNoSubstitutionTemplateLiteral(node) ||
    plain.includes(node.kind);
  return isLiteral ? [] : [ts.SyntaxKind[node.kind]];
}
