import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type TypeScript from "typescript";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { temporaryFolder } from "./support.js";

const packageFolder = fileURLToPath(new URL("..", import.meta.url));
const require = createRequire(import.meta.url);

/** What a stranger's program may look like. */
const program = `
import { and, createMlflow, metric, mlflow, MlflowClient, tag, type ActiveRun, type FlushResult } from "mlflow-js-client";

const own = createMlflow({ sending: "none", folder: "runs" });
const answer: number = await own.withRun({ experiment: "e", name: "n", tags: { fold: 1 } }, async (run: ActiveRun) => {
  run.logParams({ lr: 0.1, name: "x", flag: true });
  run.logMetric("loss", 0.5, 1);
  run.logTable({ a: [1, 2], b: Float64Array.of(1, 2) }, "t.json");
  run.logImage(new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), { key: "k", step: 1 });
  const result: FlushResult = await run.flush({ timeoutMs: 10 });
  return result.pending;
});
console.log(answer, String(and(tag("fold").eq("1"), metric("loss").lt(1))), typeof mlflow.withRun);
export const search = (client: MlflowClient) => client.searchRuns({ experimentIds: ["1"], orderBy: [metric("loss").asc()] });
`;

/** The types of a program, checked as a project of its own would. */
function complaints(compiler: string, folder: string, moduleKind: "Node16" | "ESNext"): string[] {
  const ts = require(compiler) as typeof TypeScript;
  const options: TypeScript.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind[moduleKind],
    moduleResolution: moduleKind === "Node16" ? ts.ModuleResolutionKind.Node16 : ts.ModuleResolutionKind.Bundler,
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    types: ["node"],
    lib: ["lib.es2022.d.ts"],
  };
  const host = ts.createCompilerHost(options);
  host.getCurrentDirectory = () => folder;
  const all = ts.getPreEmitDiagnostics(ts.createProgram([path.join(folder, "main.mts")], options, host));
  // The types of Node are not this package's.
  const own = all.filter(({ file }) => !file?.fileName.includes("@types/node/"));
  return own.map(({ file, messageText }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`);
}

describe("the package as it is published", () => {
  const place = temporaryFolder();
  const installed = path.join(place.folder, "node_modules", "mlflow-js-client");
  const npm = (cwd: string, ...args: string[]): string =>
    execFileSync("npm", [...args, "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], {
      cwd,
      encoding: "utf8",
    });

  beforeAll(() => {
    const [{ filename }] = JSON.parse(npm(packageFolder, "pack", "--json", "--pack-destination", place.folder)) as [
      { filename: string },
    ];
    writeFileSync(path.join(place.folder, "package.json"), '{"name": "stranger", "private": true, "type": "module"}');
    npm(place.folder, "install", "--offline", `./${filename}`);
    mkdirSync(path.join(place.folder, "node_modules", "@types"), { recursive: true });
    const nodeTypes = path.dirname(require.resolve("@types/node/package.json"));
    symlinkSync(nodeTypes, path.join(place.folder, "node_modules", "@types", "node"));
    writeFileSync(path.join(place.folder, "main.mts"), program);
  });
  afterAll(() => place.remove());

  it("holds the compiled files, the program, the examples and what tells about them, and no other package", () => {
    expect(readdirSync(installed).sort()).toEqual(["LICENSE", "README.md", "bin", "dist", "examples", "package.json"]);
    expect(readdirSync(path.join(place.folder, "node_modules")).sort()).toEqual([
      ".bin",
      ".package-lock.json",
      "@types",
      "mlflow-js-client",
    ]);
    const files = readdirSync(path.join(installed, "dist"), { recursive: true }) as string[];
    const withoutSource = files.filter(
      (name) => name.endsWith(".js") && !existsSync(path.join(packageFolder, "src", name.replace(/js$/, "ts"))),
    );
    expect(withoutSource).toEqual([]);
    expect(files).toContain("index.d.ts");
  });

  it("knows nothing of the project that it is developed in", () => {
    const files = readdirSync(installed, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    for (const { parentPath, name } of files)
      expect(readFileSync(path.join(parentPath, name), "utf8"), name).not.toMatch(/auscult|respirat|icbhi|sprsound/i);
  });

  // Two compilers that are there anyway: the oldest that the package is for, and today's.
  it.each([
    ["@tslab/typescript-for-tslab", "5.0", "ESNext"],
    ["typescript", "5.9", "Node16"],
  ] as const)(
    "a program that uses it passes %s %s with %s modules, its declarations checked too",
    (compiler, version, modules) => {
      expect((require(compiler) as typeof TypeScript).version).toMatch(`${version}.`);
      expect(complaints(compiler, place.folder, modules)).toEqual([]);
    },
  );

  it("runs, and its program says what waits", () => {
    const javascript = (require("typescript") as typeof TypeScript).transpile(program, { target: 9, module: 99 });
    writeFileSync(path.join(place.folder, "main.mjs"), javascript);
    const options = { cwd: place.folder, encoding: "utf8", env: { ...process.env, MLFLOW_TRACKING_URI: "" } } as const;
    const output = execFileSync(process.execPath, ["main.mjs"], options);
    expect(output).toBe("8 tags.`fold` = '1' AND metrics.`loss` < 1 function\n");
    const list = path.join(place.folder, "node_modules", ".bin", "mlflow-js-client");
    const listed = JSON.parse(execFileSync(list, ["list", "--json", "runs"], options)) as { spools: object[] };
    expect(listed.spools).toMatchObject([
      { name: "n", experiment: "e", ended: "FINISHED", records: 9, pending: 9, writing: false },
    ]);
  });
});
