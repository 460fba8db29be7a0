/** Lines of cells under each other. @param numbers columns that end under each other */
export function alignedLines(table: readonly (readonly string[])[], numbers: readonly number[]): string[] {
  const widths = table[0]!.map((_, column) => Math.max(...table.map((line) => line[column]!.length)));
  return table.map((line) =>
    `  ${line.map((text, column) => (numbers.includes(column) ? text.padStart(widths[column]!) : text.padEnd(widths[column]!))).join("  ")}`.trimEnd(),
  );
}
