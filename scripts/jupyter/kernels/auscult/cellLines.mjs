import { SourceMap } from "node:module";
import vm from "node:vm";

/** Where a cell's compiled code came from: tslab compiles twice, first to JavaScript, then to CommonJS. */
const cells = new Map();
let first;
let second;

/** What tslab's compiler is to emit through, so that the first of its maps is seen. */
export function writeKeepingMap(write) {
  return (file, text, ...rest) => {
    if (file.endsWith(".js.map")) first = text;
    else write(file, text, ...rest);
  };
}

/** `ts.transpileModule`, which makes the second map. */
export function transpileKeepingMap(ts) {
  return (text, { compilerOptions, ...options }) => {
    const result = ts.transpileModule(text, { ...options, compilerOptions: { ...compilerOptions, sourceMap: true } });
    second = result.sourceMapText;
    return { ...result, outputText: result.outputText.replace(/\n\/\/# sourceMappingURL=.*\s*$/, "\n") };
  };
}

/** From now on a cell's code has a name, by which `inCells` finds its lines. @param {() => number} count of the running cell */
export function nameCells(count) {
  const run = vm.runInThisContext;
  vm.runInThisContext = (code, options) => {
    if (!options?.breakOnSigint || first === undefined) return run(code, options);
    const [prefix] = /^\((async )?function\(exports, require\) \{ /.exec(code) ?? [""];
    const maps = [second, first].map((text) => new SourceMap(JSON.parse(text)));
    cells.set(count(), { prefix: prefix.length, maps, lastLine: String(code.split("\n").length) });
    return run(code, { ...options, displayErrors: false, filename: `cell[${count()}]` });
  };
}

/** A stack with "cell 3, line 2" for each place in a cell. */
export function inCells(stack) {
  // tslab calls the cell's code on a last line of its own.
  const own = stack.replace(/\n +at [^\n]*cell\[(\d+)\]:(\d+):\d+[^\n]*/g, (frame, count, line) =>
    cells.get(Number(count))?.lastLine === line ? "" : frame,
  );
  return own.replace(/cell\[(\d+)\]:(\d+):(\d+)/g, (place, count, line, column) => {
    const cell = cells.get(Number(count));
    if (!cell) return place;
    let at = { line: Number(line) - 1, column: Number(column) - 1 - (line === "1" ? cell.prefix : 0) };
    for (const map of cell.maps) {
      const { originalLine, originalColumn } = map.findEntry(at.line, at.column);
      if (originalLine === undefined) return `cell ${count}`;
      at = { line: originalLine, column: originalColumn };
    }
    // tslab puts one line before a cell's own; this counts from one.
    return `cell ${count}, line ${at.line}`;
  });
}
