/**
 * tslab's compiler, made for this project's cells: they are checked under the project's own rules (strict, modern
 * resolution), and of all that they import only the types are read.
 */
import { builtinModules } from "node:module";
import path from "node:path";
import { transpileKeepingMap, writeKeepingMap } from "./cellLines.mjs";

/**
 * @param ts the compiler of tslab
 * @param {(text: string) => string} viewOf what other files see of a source, see `declarationView`
 * @param {(file: string) => boolean} isSource whether a file is a source of this project
 * @returns what tslab is to use instead, and `readDocumentation`: packages' declarations are read without their comments;
 *   this reads those of what was last inspected, and tells whether there were any to be read
 */
export function cellCompiler(ts, viewOf, isSource) {
  const packages = readTypesOnly(ts.sys, viewOf, isSource);
  const settings = {
    strict: true,
    // A cell is a sketch: `function f(x) {...}` and `let all = []` are welcome there.
    noImplicitAny: false,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    types: ["node"],
    allowJs: false,
    checkJs: false,
    sourceMap: true,
  };
  let inspected = [];
  const compiler = {
    ...ts,
    createWatchCompilerHost(files, options, sys, _builder, ...rest) {
      // The usual builder keeps accounts of what depends on what, for files that are compiled again.
      const host = ts.createWatchCompilerHost(
        files,
        { ...options, ...settings },
        sys,
        ts.createAbstractBuilder,
        ...rest,
      );
      return Object.assign(host, resolution(ts, host, isSource));
    },
    createWatchProgram(host) {
      const created = host.afterProgramCreate;
      host.afterProgramCreate = (builder) => {
        // tslab checks and compiles what this names: sources run through tsx, and `npm run check` checks them.
        builder.getAllDependencies = (file) => [file.fileName];
        // tslab reads the names that a cell declares before anything has asked for its types.
        for (const name of builder.getProgram().getRootFileNames())
          ts.bindSourceFile(builder.getSourceFile(name), builder.getCompilerOptions());
        spellOutShorthand(ts, builder);
        created(builder);
      };
      return ts.createWatchProgram(host);
    },
    transpileModule: transpileKeepingMap(ts),
    getQuickInfoAtPosition(file, checker, token, position) {
      inspected = declarationFiles(ts, file, checker, position);
      return ts.getQuickInfoAtPosition(file, checker, token, position);
    },
  };
  return { compiler, readDocumentation: () => packages.readDocumentation(inspected.splice(0)) };
}

/** Makes the compiler read of sources what other files see, and of packages no comments. */
function readTypesOnly(system, viewOf, isSource) {
  const { readFile, watchFile } = system;
  const inPackage = (file) => file.includes("/node_modules/") && file.endsWith(".d.ts");
  const documented = new Set();
  const watchers = new Map();
  system.readFile = (file, encoding) => {
    const text = readFile(file, encoding);
    if (text === undefined) return text;
    if (inPackage(file)) return documented.has(file) ? text : text.replace(/^[ \t]*\/\*\*[\s\S]*?\*\//gm, "");
    return isSource(file) && file.endsWith(".ts") && !file.endsWith(".d.ts") ? viewOf(text) : text;
  };
  // Packages do not change under a running kernel, and watching their many files and folders costs seconds.
  system.watchFile = (file, callback, ...rest) => {
    if (!file.includes("/node_modules/")) return watchFile(file, callback, ...rest);
    watchers.set(file, callback);
    return { close: () => watchers.delete(file) };
  };
  system.watchDirectory = () => ({ close() {} });
  return {
    readDocumentation(files) {
      const unread = files.filter((file) => inPackage(file) && !documented.has(file));
      for (const file of unread) {
        documented.add(file);
        watchers.get(file)?.(file, 1);
      }
      return unread.length > 0;
    },
  };
}

/**
 * How imports find their files. The compiler's own way watches all places where a file was not found; here an import that
 * failed is tried again with each cell.
 */
function resolution(ts, host, isSource) {
  let cache;
  const failed = new Set();
  const typePackages = new Map();
  const declarations = (folder, name) =>
    [".d.ts", "/index.d.ts"].map((end) => path.join(folder, name.replace(/\.js$/, "") + end)).find(host.fileExists);
  return {
    resolveModuleNameLiterals(literals, file, redirected, options) {
      cache ??= ts.createModuleResolutionCache(host.getCurrentDirectory(), (name) => name, options);
      failed.delete(file);
      return literals.map(({ text }) => {
        // Between the files of a package there is one answer, and tfjs alone has thousands of such imports.
        const near = file.endsWith(".d.ts") && text.startsWith(".") && declarations(path.dirname(file), text);
        if (near)
          return { resolvedModule: { resolvedFileName: near, extension: ".d.ts", isExternalLibraryImport: true } };
        // Declared by the types of Node, which is no file.
        if (text.startsWith("node:") || builtinModules.includes(text)) return { resolvedModule: undefined };
        const found = ts.resolveModuleName(text, file, options, host, cache, redirected);
        if (!found.resolvedModule && isSource(file)) failed.add(file);
        return found;
      });
    },
    resolveTypeReferenceDirectiveReferences(references, file, redirected, options) {
      return references.map((reference) => {
        const name = reference.fileName ?? reference;
        const found = typePackages.get(name) ?? ts.resolveTypeReferenceDirective(name, file, options, host, redirected);
        if (found.resolvedTypeReferenceDirective) typePackages.set(name, found);
        return found;
      });
    },
    hasInvalidatedResolutions(file) {
      if (failed.size > 0) cache = undefined;
      return failed.has(file);
    },
  };
}

/** The files that declare what stands at a place. */
function declarationFiles(ts, file, checker, position) {
  const symbol = checker.getSymbolAtLocation(ts.getTouchingPropertyName(file, position));
  const target = symbol && symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  return (target?.declarations ?? []).map((declaration) => declaration.getSourceFile().fileName);
}

/**
 * tslab rewrites the names of earlier cells to `exports.name`, but misses them in `{ name }`: written as `{ name: name }`,
 * and with the variable's symbol told for the property's, they are found.
 */
function spellOutShorthand(ts, builder) {
  const spellOut = (context) => {
    const visit = (node) =>
      ts.isShorthandPropertyAssignment(node) && !node.objectAssignmentInitializer
        ? ts.factory.createPropertyAssignment(ts.factory.createIdentifier(node.name.text), node.name)
        : ts.visitEachChild(node, visit, context);
    return visit;
  };
  const emit = builder.emit;
  builder.emit = (file, write, token, onlyTypes, transformers) => {
    const checker = builder.getProgram().getTypeChecker();
    const symbolAt = checker.getSymbolAtLocation;
    checker.getSymbolAtLocation = (node) =>
      node.parent && ts.isShorthandPropertyAssignment(node.parent)
        ? checker.getShorthandAssignmentValueSymbol(node.parent)
        : symbolAt(node);
    return emit(file, writeKeepingMap(write), token, onlyTypes, { ...transformers, before: [spellOut] });
  };
}
