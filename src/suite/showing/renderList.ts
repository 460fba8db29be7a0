import { wrapLine } from "../wrapLine.js";
import type { ListedExperiment, ListedRow } from "./listExperiments.js";

const PAPERS: Readonly<Record<string, string>> = {
  baseline: "Baselines (floors of our own, nothing printed)",
  cycleguardian: "CycleGuardian (ICBHI)",
  glancegaze: "Glance-and-Gaze (ICBHI)",
  multibreath: "Multi-breath (ICBHI)",
  reference: "Yardsticks (constants from literature)",
  respirenet: "RespireNet (ICBHI)",
  "supcon-sprs": "SupCon and MixUp (SPRSound)",
};

/** The list as text of at most 100 columns, by paper: two lines an entry, with `rows` a line for each row. */
export function renderList(listed: readonly ListedExperiment[], rows: boolean): string {
  const widest = Math.max(...listed.map(({ id }) => id.length));
  const papers = [...new Set(listed.map(({ paper }) => paper))];
  const lines = papers.flatMap((paper) => {
    const own = listed.filter((one) => one.paper === paper);
    return [`${PAPERS[paper] ?? paper}`, ...own.flatMap((one) => entryLines(one, widest, rows)), ""];
  });
  return [...lines, ...wrapLine(footer(listed))].join("\n");
}

function entryLines(one: ListedExperiment, widest: number, withRows: boolean): string[] {
  const about = [one.kind, statesOf(one.rows), ...costOf(one)].join("; ");
  const head = `  ${one.id.padEnd(widest)}  ${one.title}`;
  const rows = withRows ? one.rows.map((row) => rowLine(row, one.columns)) : [];
  return [head.length > 100 ? `${head.slice(0, 99)}…` : head, `      ${about}`, ...rows].flatMap((line) =>
    wrapLine(line),
  );
}

/** "2 rows built, 4 not built". */
function statesOf(rows: readonly ListedRow[]): string {
  const states = [...new Set(rows.map(({ state }) => state))];
  const parts = states.map((state) => `${rows.filter((row) => row.state === state).length} ${state}`);
  return `${rows.length === 1 ? "row" : "rows"}: ${parts.join(", ")}`;
}

function costOf({ fullRun, runs }: ListedExperiment): string[] {
  if (!fullRun) return [];
  return [`a full run: about ${fullRun.hours.toLocaleString("en")} h`, `runs so far: ${runs}`];
}

function rowLine({ name, printed, state, runs }: ListedRow, columns: readonly string[]): string {
  const numbers = columns.flatMap((key) => (printed[key] === undefined ? [] : [`${key} ${printed[key] ?? "-"}`]));
  const ran = runs > 0 ? `, runs: ${runs}` : "";
  return `        ${name} (${state}${ran})${numbers.length > 0 ? `: ${numbers.join(", ")}` : ""}`;
}

function footer(listed: readonly ListedExperiment[]): string {
  const runs = listed.filter(({ state }) => state === "has runs").length;
  const counted = listed.filter(({ state }) => state === "counted").length;
  const words = [
    `${listed.length} ${listed.length === 1 ? "entry" : "entries"}`,
    `${runs} with runs`,
    `${counted} counted from annotations`,
  ];
  return `${words.join(", ")}. Hours are estimates for two cores. \`npx auscult show ID\` shows one in full.`;
}
