import type { FetchSource } from "./source.js";

/** What a person should read before a download: the terms in our words, whom to cite, where it comes from and how much it is. */
export function fetchTerms({ title, home, terms, citation, files }: FetchSource, parts: readonly string[]): string {
  const wanted = files.filter((file) =>
    (file.kind === "list" ? [file.part] : file.parts).some((part) => parts.includes(part)),
  );
  const bytes = wanted.reduce((sum, { approximateBytes = 0 }) => sum + approximateBytes, 0);
  const unknown = wanted.some(({ approximateBytes }) => approximateBytes === undefined);
  const size = unknown ? "the server does not say how much it is" : `about ${megabytes(bytes)}`;
  return [
    `${title} (${home})`,
    ...terms.map((term) => `- ${term}`),
    ...citation.map((paper) => `- Cite: ${paper}`),
    `To download: ${wanted.map(({ name }) => name).join(", ")}; ${size}.`,
  ].join("\n");
}

const megabytes = (bytes: number) => (bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${Math.round(bytes / 1e6)} MB`);
