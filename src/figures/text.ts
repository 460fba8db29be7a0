/** Usual width in pixels of a text in a sans-serif font of `size` pixels, a little more than it takes. */
export function textWidth(text: string, size: number): number {
  let ems = 0;
  for (const letter of text) {
    if (/[iljtfrI.,:;'|!()[\] ]/.test(letter)) ems += 0.36;
    else if (/[mwMW@%]/.test(letter)) ems += 0.9;
    else if (/[A-Z]/.test(letter)) ems += 0.69;
    else ems += 0.59;
  }
  return ems * size;
}

/** The text in lines no wider than `width` pixels, broken between words; a longer word stands alone. */
export function wrapText(text: string, width: number, size: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ").filter(Boolean)) {
    const longer = lines.length > 0 ? `${lines[lines.length - 1]} ${word}` : word;
    if (lines.length > 0 && textWidth(longer, size) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** A number for a label: at most four digits that matter, thousands parted. */
export function labelNumber(value: number): string {
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size < 1e-4 || size >= 1e7)
    return value
      .toExponential(2)
      .replace(/\.?0+e/, "e")
      .replace("e+", "e");
  const digits = size >= 1000 ? Math.round(value) : Number(value.toPrecision(4));
  return digits.toLocaleString("en", { maximumFractionDigits: 8, useGrouping: size >= 10_000 });
}

/** "1 item", "2 items". */
export function counted(count: number, what: string): string {
  return `${count.toLocaleString("en")} ${what}${count === 1 ? "" : "s"}`;
}
