/**
 * The publisher's table of diagnoses ("101<tab>URTI", no header) as the comma-separated table with header ID,CLASS that is in common
 * use and that the loader reads. A text that has commas already keeps its lines. Line ends become line feeds, blank lines go.
 */
export function diagnosisAsCsv(text: string): string {
  const lines = text
    .replace(/^\ufeff/, "")
    .split(/\r\n|\r|\n/)
    .map((line) => line.trim().replace(/\s*[\t,;]\s*|\s+/, ","))
    .filter((line) => line !== "");
  if (!/^id,class$/i.test(lines[0] ?? "")) lines.unshift("ID,CLASS");
  return `${lines.join("\n")}\n`;
}
