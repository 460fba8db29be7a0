import { cssVariables } from "../../figures/theme.js";

/** The report's style sheet: light and dark, narrow screens, print. */
export const reportStyle = `
:root { color-scheme: light dark; ${cssVariables("light")} --panel: #f4f6f8; --warn: #8a4b00; --warn-back: #fff3e0; }
@media (prefers-color-scheme: dark) {
  :root { ${cssVariables("dark")} --panel: #1c222b; --warn: #ffc46b; --warn-back: #3a2a10; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 62rem; padding: 1.2rem 1rem 4rem; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0.2rem 0 0.4rem; }
h2 { font-size: 1.2rem; margin: 2.4rem 0 0.6rem; padding-top: 0.6rem; border-top: 1px solid var(--grid); }
h3 { font-size: 1rem; margin: 1.4rem 0 0.4rem; }
p { margin: 0.4rem 0; }
a { color: var(--accent); }
.quiet { color: var(--muted); font-size: 0.9rem; }
.notice { background: var(--warn-back); color: var(--warn); border-left: 4px solid currentColor; padding: 0.6rem 0.9rem;
  margin: 1rem 0; font-weight: 600; }
dl { display: grid; grid-template-columns: minmax(7rem, max-content) 1fr; gap: 0.25rem 1rem; margin: 1rem 0; padding: 0.9rem;
  background: var(--panel); border-radius: 6px; }
dt { color: var(--muted); }
dd { margin: 0; overflow-wrap: anywhere; }
pre { background: var(--panel); border-radius: 6px; padding: 0.7rem 0.9rem; white-space: pre-wrap; overflow-wrap: anywhere; font-size: 0.9rem; }
.scroll { overflow-x: auto; margin: 0.8rem 0; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--muted); font-size: 0.9rem; padding-bottom: 0.4rem; }
th, td { text-align: left; vertical-align: top; padding: 0.4rem 0.7rem; border-bottom: 1px solid var(--grid); }
thead th { border-bottom: 2px solid var(--muted); white-space: nowrap; }
.number { text-align: right; white-space: nowrap; }
.range { display: block; color: var(--muted); font-size: 0.85rem; font-weight: 400; }
.caveat { display: block; margin-top: 0.25rem; color: var(--warn); font-size: 0.85rem; font-weight: 400; }
.verdict { font-weight: 600; white-space: nowrap; }
.verdict-reproduced::before, .verdict-compatible::before { content: "\\2713\\00a0"; }
.verdict-above::before { content: "\\25b2\\00a0"; }
.verdict-below::before { content: "\\25bc\\00a0"; }
.verdict-not-comparable, .verdict-cannot-tell, .verdict-not-run, .verdict-not-printed { color: var(--muted); }
ul { padding-left: 1.2rem; margin: 0.4rem 0; }
td[data-label="column"] { min-width: 5.5rem; }
.short { white-space: nowrap; }
.short .range { white-space: normal; }
tbody th { min-width: 7rem; }
.flagged { color: var(--warn); font-weight: 600; }
.small { font-size: 0.85rem; }
.small th, .small td { padding: 0.2rem 0.6rem; }
.scroll:focus-visible, summary:focus-visible, a:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
code { overflow-wrap: anywhere; }
.figures.wide { grid-template-columns: 1fr; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 27rem), 1fr)); gap: 1rem; align-items: start; }
figure { margin: 0; min-width: 0; }
figure svg { max-width: 100%; height: auto; display: block; margin: 0 auto; }
.live { width: 100%; height: 24rem; }
figure .live, figure.is-live .still { display: none; }
figure.is-live .live { display: block; }
summary { cursor: pointer; color: var(--muted); }
@media (max-width: 40rem) {
  body { padding: 0.8rem 0.8rem 3rem; }
  dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: 0.5rem; }
  .stack thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .stack, .stack tbody, .stack th, .stack td, .stack caption { display: block; width: auto; }
  .stack tr { display: grid; grid-template-columns: 1fr 1fr; column-gap: 0.8rem; border: 1px solid var(--grid); border-radius: 6px; padding: 0.5rem 0.7rem; margin-bottom: 0.7rem; }
  .stack th, .stack td { border: 0; padding: 0.1rem 0; text-align: left; white-space: normal; }
  .stack .none { display: none; }
  .stack th, .stack td:not([data-label]) { grid-column: 1 / -1; }
  .stack td[data-label]::before { content: attr(data-label) ": "; color: var(--muted); font-weight: 400; }
}
@media print {
  :root { color-scheme: light; ${cssVariables("light")} --panel: #f4f6f8; --warn: #8a4b00; --warn-back: #fff3e0; }
  body { max-width: none; padding: 0; font-size: 11pt; }
  figure.is-live .live { display: none; } figure.is-live .still { display: block; }
  figure, tr, dl, pre { break-inside: avoid; } h2, h3 { break-after: avoid; }
  .switch { display: none; }
}
.switch { font: inherit; font-size: 0.9rem; color: var(--ink); background: var(--panel); border: 1px solid var(--grid); border-radius: 6px;
  padding: 0.3rem 0.7rem; cursor: pointer; }
`;
