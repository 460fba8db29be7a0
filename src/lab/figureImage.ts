import { execFile } from "node:child_process";
import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { projectRoot } from "../node/paths.js";
import type { FigureLike } from "./display.js";

/** A picture, or why there is none. */
export type FigureImage = { png: Uint8Array } | { problem: string };

export interface ImageSize {
  /** Pixels before scaling; 800 x 450 unless told, or the figure's own. */
  width?: number;
  height?: number;
  /** Pixels of the picture for each of the figure's; 2 unless told. */
  scale?: number;
}

/**
 * A picture of any plotly figure, drawn by plotly in a Chromium of this machine (`AUSCULT_CHROMIUM` names one, else it is
 * looked for on the PATH). It takes about two seconds. The figures of `src/figures/` need none of this: they draw their own.
 */
export async function figureImage(figure: FigureLike, size: ImageSize = {}): Promise<FigureImage> {
  const program = findChromium();
  if (!program) return { problem: "no Chromium was found (AUSCULT_CHROMIUM may name one)" };
  const folder = mkdtempSync(path.join(tmpdir(), "auscult-figure-"));
  try {
    const page = path.join(folder, "figure.html");
    writeFileSync(page, imagePage(figure, size));
    // A second of the page's time passes at once when nothing is left to do: this is a limit, not a wait.
    const how = ["--headless", "--disable-gpu", "--no-first-run", "--virtual-time-budget=20000", "--dump-dom"];
    const root = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
    const place = [`--user-data-dir=${path.join(folder, "profile")}`, pathToFileURL(page).href];
    const { stdout } = await promisify(execFile)(program, [...how, ...root, ...place], {
      timeout: 60_000,
      maxBuffer: 64 * 2 ** 20,
    });
    const png = /<p>data:image\/png;base64,([A-Za-z0-9+/=]+)<\/p>/.exec(stdout)?.[1];
    if (png) return { png: Buffer.from(png, "base64") };
    return { problem: `plotly drew no picture: ${/<p>([^<]*)<\/p>/.exec(stdout)?.[1] ?? "it did not finish"}` };
  } catch (error) {
    return { problem: `${program} failed: ${(error as Error).message.split("\n")[0]}` };
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** The first Chromium there is; nothing where there is none. */
export function findChromium(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  if (environment.AUSCULT_CHROMIUM) return environment.AUSCULT_CHROMIUM;
  const folders = (environment.PATH ?? "").split(path.delimiter).filter(Boolean);
  const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
  return names.flatMap((name) => folders.map((folder) => path.join(folder, name))).find(isProgram);
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** A page that turns into its picture's data address, or into what went wrong. */
function imagePage(figure: FigureLike, { width = 800, height = 450, scale = 2 }: ImageSize): string {
  const require = createRequire(path.join(projectRoot(), "package.json"));
  const plotly = pathToFileURL(require.resolve("plotly.js-dist")).href;
  const layout: Record<string, unknown> = { paper_bgcolor: "#ffffff", ...(figure.layout as object | undefined) };
  // A figure without a ground is meant for the page it stands on; a picture has none.
  if (/^rgba\(.*,\s*0\)$/.test(String(layout.paper_bgcolor))) layout.paper_bgcolor = "#ffffff";
  const own = { width: layout.width ?? width, height: layout.height ?? height };
  const text = JSON.stringify({ data: figure.data, layout: { ...layout, ...own } }).replace(/</g, "\\u003c");
  return `<!doctype html><meta charset="utf-8"><body><script src="${plotly}"></script><script>
const say = (text) => { document.body.innerHTML = ""; document.body.append(Object.assign(document.createElement("p"), { textContent: text })); };
Promise.resolve().then(() => Plotly.toImage(${text}, { format: "png", scale: ${Number(scale)}, width: ${Number(own.width)}, height: ${Number(own.height)} }))
  .then(say, (error) => say(String(error)));
</script></body>`;
}
