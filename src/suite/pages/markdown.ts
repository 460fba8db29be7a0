/** Plain text for a Markdown page: nothing in it is taken for markup. */
export function plain(text: string): string {
  return text.replace(/([\\`*_[\]<>|~$])/g, "\\$1");
}

/** The same in one line, wherever it stands. */
export function unbroken(text: string): string {
  return text.replaceAll(" ", "\u00a0").replaceAll("-", "\u2011");
}

/** A heading of Markdown; numbers stand to the right. */
export type Column = string | { right: string };

/** A table of Markdown cells, its columns padded so that a difference between commits can be read. */
export function markdownTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const isRight = columns.map((column) => typeof column !== "string");
  const titles = columns.map((column) => (typeof column === "string" ? column : column.right));
  const widths = titles.map((title, c) => Math.max(3, title.length, ...rows.map((row) => row[c]!.length)));
  const line = (cells: readonly string[]) => {
    const padded = cells.map((cell, c) => (isRight[c] ? cell.padStart(widths[c]!) : cell.padEnd(widths[c]!)));
    return `| ${padded.join(" | ")} |`;
  };
  const rule = widths.map((width, c) => (isRight[c] ? `${"-".repeat(width - 1)}:` : "-".repeat(width)));
  return [line(titles), line(rule), ...rows.map(line)].join("\n");
}

/** A list; nothing for no items. */
export function markdownList(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join("\n");
}
