import path from "node:path";

/** One file that is served: what it holds, or where it lies. */
export type SiteFile = { content: Uint8Array } | { file: string };

/** All that is served, by path without the slash in front: nothing else is ever read. */
export type Site = ReadonlyMap<string, SiteFile>;

const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
  ".md": "text/plain; charset=utf-8",
};

/** The media type of a file by its ending; bytes for one that is not known. */
export function typeOf(name: string): string {
  return TYPES[path.extname(name)] ?? "application/octet-stream";
}

/**
 * The file that a request asks for: `/` is the page. The site's own list is asked and no folder, so that no sign in the address leads out
 * of it.
 * @param target of the request line, as it came
 */
export function findFile(site: Site, target: string): { name: string; file: SiteFile } | undefined {
  const [asked] = target.split(/[?#]/, 1);
  if (!asked?.startsWith("/")) return undefined;
  let name: string;
  try {
    name = decodeURIComponent(asked.slice(1)) || "index.html";
  } catch {
    return undefined; // a lone percent sign
  }
  const file = site.get(name);
  return file && { name, file };
}
