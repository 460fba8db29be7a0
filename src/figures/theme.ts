/**
 * "light" and "dark" are complete by themselves; "clear" has no background and colours that can be read on white and on
 * near black, for a notebook whose theme may change under it; "page" takes its colours from the CSS variables of the
 * page around it.
 */
export type Template = "light" | "dark" | "clear" | "page";

/** What every figure can be told. */
export interface FigureOptions {
  title?: string;
  /** A line under the title, such as "made-up sounds"; what ran on made-up sounds says so here. */
  note?: string;
  template?: Template;
}

/** Colours of a figure; series follow Okabe and Ito, who chose them for colour-blind readers. */
export interface Theme {
  paper: string;
  ink: string;
  muted: string;
  grid: string;
  /** Fill of confusion cells. */
  accent: string;
  /** What a cell without any share is filled with, where cells must be opaque. */
  cell: string;
  series: readonly string[];
}

const light: Theme = {
  paper: "#ffffff",
  cell: "#ffffff",
  ink: "#1d2430",
  muted: "#5b6573",
  grid: "#dde2e8",
  accent: "#0072b2",
  series: ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"],
};

const dark: Theme = {
  paper: "#14181f",
  cell: "#14181f",
  ink: "#e6eaf0",
  muted: "#9aa5b4",
  grid: "#2c3440",
  accent: "#56b4e9",
  series: ["#56b4e9", "#e69f00", "#2fc79b", "#e59ac4", "#f0e442", "#9aa8ff"],
};

/** Text has a contrast of 4.3 on white and on JupyterLab's dark #111111, the most that one grey can have on both. */
const clear: Theme = {
  paper: "rgba(0,0,0,0)",
  cell: "#f6f8fa",
  ink: "#777b81",
  muted: "#777b81",
  grid: "rgba(127,132,140,0.3)",
  accent: "#1f86c4",
  series: ["#1f86c4", "#d55e00", "#009e73", "#cc79a7", "#cf8f00", "#3fa3dd"],
};

const page: Theme = {
  paper: "none",
  cell: "none",
  ink: "var(--ink)",
  muted: "var(--muted)",
  grid: "var(--grid)",
  accent: "var(--accent)",
  series: [0, 1, 2, 3, 4, 5].map((i) => `var(--series-${i})`),
};

/** The colours of a template. */
export function themeOf(template: Template = "light"): Theme {
  return { light, dark, clear, page }[template];
}

/** The CSS declarations that the "page" template reads, for a light or dark page. */
export function cssVariables(template: "light" | "dark" | "clear"): string {
  const theme = themeOf(template);
  const named = { ink: theme.ink, muted: theme.muted, grid: theme.grid, paper: theme.paper, accent: theme.accent };
  const lines = Object.entries(named).map(([name, value]) => `--${name}: ${value};`);
  return [...lines, ...theme.series.map((colour, i) => `--series-${i}: ${colour};`)].join(" ");
}

/** The colour of a series, its group or its label, by its place. */
export function seriesColour(theme: Theme, index: number): string {
  return theme.series[index % theme.series.length]!;
}

/** The colour of a group of points: the series' colours and, for a seventh group, that of text, before they come again. */
export function groupColour(theme: Theme, index: number): string {
  const colours = [...theme.series, theme.ink];
  return colours[index % colours.length]!;
}

/** For text inside plotly strings and SVG: `&`, `<`, `>` and quotes as entities. */
export function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}
