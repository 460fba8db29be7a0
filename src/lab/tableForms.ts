import { escapeHtml } from "../suite/html.js";
import { numberTexts } from "./numberText.js";

/** A table's values, [rows, columns], under unique names. */
export interface TableContent {
  columns: readonly string[];
  rows: readonly (readonly unknown[])[];
  /** Names of the rows, where they have some. */
  index?: readonly (string | number)[];
}

/** How a table is shown. */
export interface TableOptions {
  title?: string;
  /** A line beneath, such as "made-up sounds". */
  note?: string;
  /** Which columns, in which order; all unless given. */
  columns?: readonly string[];
  /** Units by column: "s". A name such as `durationSeconds` has its own: it is shown as "duration (s)". */
  units?: Readonly<Record<string, string>>;
  /** How many rows at most, the first and the last of them; 20 unless given. */
  rows?: number;
}

const DEFAULT_ROWS = 20;
/** Fewer rows are counted at a glance. */
const COUNTED_ROWS = 10;
const TEXT_CHARACTERS = 80;

interface Column {
  header: string;
  isNumber: boolean;
  cells: Cell[];
}

interface Cell {
  text: string;
  missing?: boolean;
  /** The whole text, where `text` is cut. */
  whole?: string;
}

/**
 * A table as HTML that takes its colours from the page around it, and as text. Long ones are shortened and say by how much.
 * NaN is shown as NaN, what is missing as a dash.
 */
export function tableForms(content: TableContent, options: TableOptions = {}): { html: string; text: string } {
  const total = content.rows.length;
  const limit = Math.max(1, options.rows ?? DEFAULT_ROWS);
  const head = total <= limit ? total : Math.ceil((limit * 2) / 3);
  const left = total <= limit ? 0 : total - limit;
  const kept = [...content.rows.keys()].filter((row) => row < head || row >= head + left);
  const columns = content.columns.map((name, at) => columnOf(name, at, content, kept, options.units?.[name]));
  if (content.index) columns.unshift(indexColumn(content.index, kept));
  const shown = left > 0 ? `, ${kept.length} shown` : "";
  const shape = total === 0 || total > COUNTED_ROWS || shown ? `${counted(total, "row")}${shown}` : "";
  const skipped = left > 0 ? { at: head, text: `${counted(left, "more row")}` } : undefined;
  const below = [shape, options.note ?? ""].filter((line) => line !== "");
  return {
    html: htmlForm(columns, kept.length, skipped, below, options.title, content.index !== undefined),
    text: textForm(columns, kept.length, skipped, below, options.title),
  };
}

const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? "" : "s"}`;

function columnOf(name: string, at: number, { rows }: TableContent, kept: number[], unit?: string): Column {
  // What is not shown counts too: a column has one kind, however it is cut.
  const present = rows.map((row) => row[at]).filter((value) => value !== undefined && value !== null);
  const isNumber = present.length > 0 && present.every((value) => typeof value === "number");
  const values = kept.map((row) => rows[row]![at]);
  const numbers = isNumber ? numberTexts(values.map((value) => (value ?? Number.NaN) as number)) : [];
  const cells = values.map((value, row): Cell => {
    if (value === undefined || value === null) return { text: "–", missing: true };
    return isNumber ? { text: numbers[row]!, missing: Number.isNaN(value) } : textCell(value);
  });
  return { header: headerOf(name, unit), isNumber, cells };
}

function indexColumn(index: readonly (string | number)[], kept: number[]): Column {
  const isNumber = index.every((name) => typeof name === "number");
  return { header: "", isNumber, cells: kept.map((row) => textCell(index[row])) };
}

function textCell(value: unknown): Cell {
  const text = typeof value === "object" && !(value instanceof Date) ? JSON.stringify(value) : plain(value);
  const letters = [...text.replace(/\s+/g, " ")];
  if (letters.length <= TEXT_CHARACTERS) return { text: letters.join("") };
  return { text: `${letters.slice(0, TEXT_CHARACTERS - 1).join("")}…`, whole: text };
}

function plain(value: unknown): string {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "no date" : value.toISOString();
  return typeof value === "number" ? (numberTexts([value])[0] as string) : String(value);
}

const unitOfSuffix: Record<string, string> = {
  ...{ Seconds: "s", Milliseconds: "ms", Ms: "ms", Minutes: "min", Hours: "h", Years: "years" },
  ...{ Hz: "Hz", Db: "dB", Percent: "%", Bytes: "bytes", Mebibytes: "MiB", Megabytes: "MB" },
};
const suffix = new RegExp(`^(.*[a-z0-9])(${Object.keys(unitOfSuffix).join("|")})$`);

/** "durationSeconds" as "duration (s)"; other names as they are. */
function headerOf(name: string, unit?: string): string {
  if (unit !== undefined) return unit === "" ? name : `${name} (${unit})`;
  const found = suffix.exec(name);
  if (!found) return name;
  return `${found[1]!.replace(/([a-z0-9])([A-Z])/g, (_, a, b) => `${a} ${b.toLowerCase()}`)} (${unitOfSuffix[found[2]!]})`;
}

interface Skipped {
  /** Before which of the rows shown. */
  at: number;
  text: string;
}

function htmlForm(
  columns: Column[],
  rowCount: number,
  skipped: Skipped | undefined,
  below: string[],
  title: string | undefined,
  hasIndex: boolean,
): string {
  // No colour of its own: Jupyter's themes, and pages, style tables light and dark.
  const style = (isNumber: boolean) =>
    isNumber
      ? ' style="text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums"'
      : ' style="text-align:left"';
  const cell = ({ isNumber, cells }: Column, row: number, at: number) => {
    const { text, missing, whole } = cells[row]!;
    const shown = missing ? `<span style="opacity:.55">${escapeHtml(text)}</span>` : escapeHtml(text);
    const name = hasIndex && at === 0 ? "th" : "td";
    const scope = name === "th" ? ' scope="row"' : "";
    return `<${name}${scope}${style(isNumber)}${whole === undefined ? "" : ` title="${escapeHtml(whole)}"`}>${shown}</${name}>`;
  };
  const rows = Array.from(
    { length: rowCount },
    (_, row) => `<tr>${columns.map((one, at) => cell(one, row, at)).join("")}</tr>`,
  );
  if (skipped) {
    const text = `<td colspan="${columns.length}" style="text-align:center;opacity:.7">… ${skipped.text} …</td>`;
    rows.splice(skipped.at, 0, `<tr>${text}</tr>`);
  }
  const head = columns
    .map(({ header, isNumber }) => `<th scope="col"${style(isNumber)}>${escapeHtml(header)}</th>`)
    .join("");
  const caption = title
    ? `<caption style="caption-side:top;text-align:left;font-weight:600;padding:.2em 0">${escapeHtml(title)}</caption>`
    : "";
  const foot =
    below.length > 0
      ? `\n<div style="font-size:.85em;opacity:.75;margin:.2em 0 .6em">${below.map(escapeHtml).join(" · ")}</div>`
      : "";
  return `<div style="overflow-x:auto;max-width:100%"><table style="margin:0">${caption}<thead><tr>${head}</tr></thead><tbody>
${rows.join("\n")}
</tbody></table></div>${foot}`;
}

function textForm(
  columns: Column[],
  rowCount: number,
  skipped: Skipped | undefined,
  below: string[],
  title: string | undefined,
): string {
  const padded = columns.map(({ header, isNumber, cells }) => {
    const width = cells.reduce((most, { text }) => Math.max(most, text.length), header.length);
    return [header, ...cells.map(({ text }) => text)].map((text) =>
      isNumber ? text.padStart(width) : text.padEnd(width),
    );
  });
  const lines = Array.from({ length: rowCount + 1 }, (_, line) =>
    padded
      .map((texts) => texts[line])
      .join("  ")
      .trimEnd(),
  );
  if (skipped) lines.splice(skipped.at + 1, 0, `… ${skipped.text} …`);
  return [...(title ? [title] : []), ...lines, ...(below.length > 0 ? [below.join("; ")] : [])].join("\n");
}
