import { reportStyle } from "../../suite/reporting/reportStyle.js";

/** What the pages of notebooks have beside the report's style: code, outputs, figures that come alive, the gallery. */
export const notebookStyle = `${reportStyle}
:root { --comment: #5b6573; --keyword: #8250a8; --string: #0a6b45; --number: #a34a00; }
@media (prefers-color-scheme: dark) { :root { --comment: #9aa5b4; --keyword: #d2a8ff; --string: #7ee0b5; --number: #ffb077; } }
header { border-bottom: 1px solid var(--grid); margin-bottom: 1.2rem; padding-bottom: 0.6rem; }
header nav { display: flex; flex-wrap: wrap; gap: 0.4rem 1rem; align-items: baseline; }
header nav .switch { margin-left: auto; }
.words { max-width: 46rem; }
.words h2 { border-top: 1px solid var(--grid); }
.words pre, .words code { overflow-wrap: anywhere; }
.words table { width: auto; }
code, pre, kbd { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
:not(pre) > code { background: var(--panel); border-radius: 4px; padding: 0.1em 0.3em; font-size: 0.9em; }
.cell { margin: 0.9rem 0 1.3rem; }
.code { margin: 0 0 0.5rem; }
.code summary { font-size: 0.8rem; padding: 0.1rem 0; }
.code pre { margin: 0; padding: 0.7rem 0.9rem; overflow-x: auto; white-space: pre; overflow-wrap: normal; font-size: 0.82rem; line-height: 1.45; }
.without-code .code { display: none; }
.output { margin: 0.5rem 0; overflow-x: auto; }
.output .html { overflow-wrap: anywhere; }
.output .html table { width: auto; font-size: 0.9rem; }
.output .html td, .output .html th { padding: 0.25rem 0.7rem; overflow-wrap: normal; }
.output audio { max-width: 40em; }
.said { margin: 0; background: none; padding: 0.2rem 0.9rem; border-left: 3px solid var(--grid); font-size: 0.82rem; }
.warned { border-color: var(--warn); }
.failed { border-color: #d1242f; background: var(--warn-back); color: var(--warn); padding: 0.6rem 0.9rem; }
.output figure { max-width: 60rem; }
.output figure img { max-width: 100%; height: auto; border-radius: 6px; display: block; }
.plotly .live { display: block; height: auto; }
.plotly .live[hidden], .plotly.drawn .still { display: none; }
.badge { display: inline-block; border-radius: 999px; padding: 0.05rem 0.6rem; font-size: 0.8rem; font-weight: 600; background: var(--warn-back); color: var(--warn); }
.facts { font-size: 0.9rem; color: var(--muted); margin: 0.3rem 0; }
.facts code { color: var(--ink); }
.c, .c1, .cm { color: var(--comment); font-style: italic; }
.k, .kc, .kd, .kr, .kt, .kn { color: var(--keyword); }
.s, .s1, .s2, .sb, .sr { color: var(--string); }
.m, .mf, .mi, .mh { color: var(--number); }
.ansi-red-fg { color: #d1242f; } .ansi-green-fg { color: var(--string); } .ansi-yellow-fg { color: var(--number); }
.ansi-cyan-fg, .ansi-blue-fg { color: var(--accent); } .ansi-bold { font-weight: 600; }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 19rem), 1fr)); gap: 1.1rem; margin: 1.4rem 0; padding: 0; list-style: none; }
.card { position: relative; display: flex; flex-direction: column; border: 1px solid var(--grid); border-radius: 10px; overflow: hidden; background: var(--paper); }
.card:hover, .card:focus-within { border-color: var(--accent); }
.card .picture { aspect-ratio: 16 / 9; background: var(--panel); border-bottom: 1px solid var(--grid); display: grid; place-items: center; overflow: hidden; color: var(--muted); }
.card .picture img { width: 100%; height: 100%; object-fit: contain; object-position: center; background: #ffffff; }
.card .text { padding: 0.7rem 0.9rem 0.9rem; display: flex; flex-direction: column; flex: 1; }
.card h2 { font-size: 1.05rem; margin: 0 0 0.3rem; padding: 0; border: 0; }
.card h2 a { text-decoration: none; }
.card h2 a::after { content: ""; position: absolute; inset: 0; }
.card .facts { margin-top: auto; padding-top: 0.5rem; overflow-wrap: anywhere; }
@media print { .code { display: none; } .plotly .still { display: block !important; } .plotly .live, header nav { display: none; } .cell { break-inside: avoid; } }
`;
