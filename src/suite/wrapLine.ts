/**
 * A line broken between words where it is longer than `width` columns; what follows is indented by two more. A line with three spaces
 * inside is part of a table and stays whole.
 */
export function wrapLine(line: string, width = 100): string[] {
  const text = line.trimStart();
  if (line.length <= width || text.includes("   ")) return [line];
  const indent = " ".repeat(line.length - text.length);
  const lines: string[] = [];
  let now = indent;
  for (const word of text.split(" ")) {
    const next = now.trim() === "" ? now + word : `${now} ${word}`;
    if (next.length <= width || now.trim() === "") {
      now = next;
    } else {
      lines.push(now);
      now = `${indent}  ${word}`;
    }
  }
  return [...lines, now];
}
