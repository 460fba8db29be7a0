/** "light" and "dark" are complete by themselves; "page" takes its colours from the CSS variables of the page around it. */
export type Template = "light" | "dark" | "page";

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
  series: readonly string[];
}

const light: Theme = {
  paper: "#ffffff",
  ink: "#1d2430",
  muted: "#5b6573",
  grid: "#dde2e8",
  accent: "#0072b2",
  series: ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"],
};

const dark: Theme = {
  paper: "#14181f",
  ink: "#e6eaf0",
  muted: "#9aa5b4",
  grid: "#2c3440",
  accent: "#56b4e9",
  series: ["#56b4e9", "#e69f00", "#2fc79b", "#e59ac4", "#f0e442", "#9aa8ff"],
};

const page: Theme = {
  paper: "none",
  ink: "var(--ink)",
  muted: "var(--muted)",
  grid: "var(--grid)",
  accent: "var(--accent)",
  series: [0, 1, 2, 3, 4, 5].map((i) => `var(--series-${i})`),
};

/** The colours of a template. */
export function themeOf(template: Template = "light"): Theme {
  return { light, dark, page }[template];
}

/** The CSS declarations that the "page" template reads, for a light or dark page. */
export function cssVariables(template: "light" | "dark"): string {
  const theme = themeOf(template);
  const named = { ink: theme.ink, muted: theme.muted, grid: theme.grid, paper: theme.paper, accent: theme.accent };
  const lines = Object.entries(named).map(([name, value]) => `--${name}: ${value};`);
  return [...lines, ...theme.series.map((colour, i) => `--series-${i}: ${colour};`)].join(" ");
}

/** Layout shared by all plotly figures. Plotly knows no CSS variables, so "page" is drawn as "light" there. */
export function plotlyLayout({ title, note, template = "light" }: FigureOptions): {
  theme: Theme;
  layout: Record<string, unknown>;
} {
  const theme = themeOf(template === "page" ? "light" : template);
  const text = [title && `<b>${escapeText(title)}</b>`, note && escapeText(note)].filter(Boolean).join("<br>");
  return {
    theme,
    layout: {
      title: { text, font: { size: 15 }, x: 0, xanchor: "left", xref: "paper" },
      font: { family: "system-ui, sans-serif", size: 13, color: theme.ink },
      paper_bgcolor: theme.paper,
      plot_bgcolor: theme.paper,
      colorway: [...theme.series],
      margin: { l: 70, r: 20, t: text ? (title && note ? 70 : 50) : 20, b: 55 },
      legend: { orientation: "h", y: -0.25 },
    },
  };
}

/** An axis with a grid in the theme's colours. `label` carries the unit. */
export function plotlyAxis(theme: Theme, label: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    title: { text: escapeText(label), font: { size: 13 } },
    gridcolor: theme.grid,
    linecolor: theme.grid,
    zeroline: false,
    automargin: true,
    ...more,
  };
}

/** For text inside plotly strings and SVG: `&`, `<`, `>` and quotes as entities. */
export function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}
