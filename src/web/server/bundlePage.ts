import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { writeFileAtomic, writeJsonAtomic } from "../../node/atomicFile.js";
import { fileDigests } from "../../node/fileDigests.js";
import { cacheFolder, projectRoot } from "../../node/paths.js";
import { META_POLICY } from "./headers.js";
import { pageStyle } from "./pageStyle.js";
import type { Site, SiteFile } from "./site.js";

/** Each is one script: the page, the worker that classifies, the one that measures for the pictures, what hears the microphone. */
const ENTRIES = ["main", "worker", "meter", "tap"] as const;
/** Of onnxruntime, fetched by it when a model is loaded: WebAssembly with threads, and its loader. */
const RUNTIME_FILES = ["ort-wasm-simd-threaded.mjs", "ort-wasm-simd-threaded.wasm"] as const;
const STORED = "bundle.json";

/** What a bundle was made of: paths within the project and SHA-256 of each source. */
interface Stored {
  esbuild: string;
  sources: Record<string, string>;
}

/**
 * The page without a model: its scripts, style and runtime. Bundled anew only where one of its sources has changed since the bundle in the
 * cache folder was made.
 */
export async function pageFiles(): Promise<Site> {
  const folder = path.join(cacheFolder(), "listen");
  const esbuild = versionOf("esbuild");
  if (!isCurrent(folder, esbuild)) await bundle(folder, esbuild);
  const page = path.join(projectRoot(), "src", "web", "page");
  const text = (content: string) => ({ content: new TextEncoder().encode(content) });
  const html = readFileSync(path.join(page, "index.html"), "utf8").replace("{{policy}}", META_POLICY);
  return new Map<string, SiteFile>([
    ["index.html", text(html)],
    ["style.css", text(pageStyle())],
    ["icon.svg", { file: path.join(page, "icon.svg") }],
    ...ENTRIES.map((name) => [`${name}.js`, { file: path.join(folder, `${name}.js`) }] as const),
    ...RUNTIME_FILES.map((name) => [`runtime/${name}`, { file: path.join(runtimeFolder(), name) }] as const),
  ]);
}

function isCurrent(folder: string, esbuild: string): boolean {
  try {
    const stored = JSON.parse(readFileSync(path.join(folder, STORED), "utf8")) as Stored;
    if (stored.esbuild !== esbuild || !ENTRIES.every((name) => existsSync(path.join(folder, `${name}.js`))))
      return false;
    const digests = digestsOf(Object.keys(stored.sources));
    return Object.values(stored.sources).every((digest, i) => digest === digests[i]);
  } catch {
    return false; // none yet, a half, or a source that has gone
  }
}

async function bundle(folder: string, version: string): Promise<void> {
  // Loaded here, as a bundle that is current needs no bundler.
  const { build } = await import("esbuild");
  const { outputFiles, metafile } = await build({
    absWorkingDir: projectRoot(),
    entryPoints: ENTRIES.map((name) => `src/web/page/${name}.ts`),
    outdir: "out",
    bundle: true,
    write: false,
    metafile: true,
    minify: true,
    platform: "browser",
    // The runtime is loaded from its own files, which its threads load too: within our scripts it would be there twice.
    conditions: ["onnxruntime-web-use-extern-wasm"],
    format: "esm",
    target: "es2022",
    legalComments: "inline",
    logLevel: "silent",
  });
  mkdirSync(folder, { recursive: true });
  // The list is written last: without it what is there counts for nothing.
  rmSync(path.join(folder, STORED), { force: true });
  for (const file of outputFiles) writeFileAtomic(path.join(folder, path.basename(file.path)), file.contents);
  const inputs = Object.keys(metafile.inputs);
  const digests = digestsOf(inputs);
  const sources = Object.fromEntries(inputs.map((file, i) => [file, digests[i]!]));
  writeJsonAtomic(path.join(folder, STORED), { esbuild: version, sources } satisfies Stored);
}

function digestsOf(files: readonly string[]): string[] {
  return fileDigests(files.map((file) => path.join(projectRoot(), file)));
}

const fromHere = createRequire(path.join(projectRoot(), "package.json"));

/** Of an installed package; packages may forbid to read theirs by name. */
function versionOf(name: string): string {
  const file = path.join(projectRoot(), "node_modules", name, "package.json");
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}

function runtimeFolder(): string {
  return path.dirname(fromHere.resolve("onnxruntime-web"));
}
