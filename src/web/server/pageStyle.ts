import { cssVariables } from "../../figures/theme.js";

const light = `${cssVariables("light")} --panel: #ffffff; --back: #f3f5f8; --soft: #eef2f6; --on-accent: #ffffff; --warn: #8a4b00; --warn-back: #fff3e0; --bad: #b3261e; --chosen: #e2f0f9;`;
const dark = `${cssVariables("dark")} --panel: #1a2029; --back: #11151b; --soft: #222a35; --on-accent: #10151c; --warn: #ffc46b; --warn-back: #33260f; --bad: #ff8a80; --chosen: #16303f;`;

/** The listening page's style sheet: the figures' colours, light and dark, from 320 pixels on. */
export function pageStyle(): string {
  return `
:root { color-scheme: light dark; ${light} }
@media (prefers-color-scheme: dark) { :root { ${dark} } }
* { box-sizing: border-box; }
[hidden] { display: none !important; }
body { margin: 0; background: var(--back); color: var(--ink); font: 16px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; }
h1, h2, h3, p, ul, ol, dl, dd, fieldset { margin: 0; padding: 0; }
h1 { display: flex; align-items: center; gap: 0.55rem; font-size: 1.2rem; letter-spacing: -0.01em; white-space: nowrap; }
h1 span { color: var(--muted); font-weight: 400; }
h2 { font-size: 1rem; margin-bottom: 0.7rem; }
h3 { font-size: 0.95rem; }
a { color: var(--accent); }
button, select, input { font: inherit; color: inherit; }
button, select { background: var(--panel); border: 1px solid var(--grid); border-radius: 8px; padding: 0.35rem 0.75rem; min-height: 2.25rem; }
button { cursor: pointer; }
button:hover:not(:disabled) { background: var(--soft); }
button:disabled { cursor: default; opacity: 0.5; }
button[aria-pressed="true"] { border-color: var(--accent); color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
h2:focus, .viewer:focus { outline: none; }
kbd { font: inherit; font-size: 0.8rem; padding: 0.05rem 0.4rem; border: 1px solid var(--grid); border-radius: 5px; background: var(--soft); color: var(--muted); }
code { font-size: 0.9em; }
.small { font-size: 0.85rem; }
.muted { color: var(--muted); }
.spring { flex: 1; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip { position: absolute; left: 0.5rem; top: -4rem; background: var(--panel); padding: 0.5rem 0.8rem; border-radius: 8px; z-index: 5; }
.skip:focus { top: 0.5rem; }
.top { display: flex; align-items: center; gap: 1.2rem; padding: 0.7rem 1.4rem; background: var(--panel); border-bottom: 1px solid var(--grid); }
.model-line { flex: 1; min-width: 0; color: var(--muted); font-size: 0.9rem; overflow-wrap: anywhere; }
.quiet-button { background: none; border-color: transparent; color: var(--muted); white-space: nowrap; font-size: 0.9rem; }
.notice { background: var(--warn-back); color: var(--warn); padding: 0.5rem 1.4rem; font-size: 0.9rem; }
.notice p { display: inline; }
main { display: grid; grid-template-columns: 20rem minmax(0, 1fr); gap: 1rem; align-items: start; max-width: 96rem; margin: 0 auto; padding: 1rem 1.4rem 3rem; }
.side { display: grid; gap: 1rem; min-width: 0; }
.panel { background: var(--panel); border: 1px solid var(--grid); border-radius: 12px; padding: 1rem; min-width: 0; }
.side .panel:first-child { display: grid; gap: 0.7rem; }
.side .panel:first-child h2 { margin: 0; }
.primary { background: var(--accent); border-color: var(--accent); color: var(--on-accent); font-weight: 600; }
.primary:hover:not(:disabled) { background: var(--accent); filter: brightness(1.08); }
.record { display: flex; align-items: center; justify-content: center; gap: 0.6rem; min-height: 3rem; font-size: 1.05rem; }
.record .dot { width: 0.8rem; height: 0.8rem; border-radius: 50%; background: currentColor; }
.record.on { background: var(--bad); border-color: var(--bad); color: var(--panel); }
.record.on .dot { border-radius: 2px; }
.wide-button { min-height: 2.6rem; }
.field { display: grid; gap: 0.2rem; font-size: 0.85rem; color: var(--muted); }
.field select { color: var(--ink); min-width: 0; max-width: 100%; }
.field.inline { display: flex; align-items: center; gap: 0.5rem; }
.live { display: grid; gap: 0.3rem; }
meter { width: 100%; height: 0.7rem; }
.behind { color: var(--warn); font-weight: 600; }
.segments { border: 0; min-width: 0; display: grid; gap: 0.35rem; }
.segments legend { padding: 0; font-size: 0.85rem; color: var(--muted); margin-bottom: 0.25rem; }
.segment-row { display: grid; grid-template-columns: 1fr 1fr; border: 1px solid var(--grid); border-radius: 8px; overflow: hidden; background: var(--soft); }
.segment-row label { cursor: pointer; position: relative; }
.segment-row label + label { border-left: 1px solid var(--grid); }
.segment-row input { position: absolute; opacity: 0; inset: 0; margin: 0; cursor: inherit; }
.segment-row span { display: grid; padding: 0.4rem 0.7rem; }
.segment-row small { color: var(--muted); font-size: 0.8rem; font-variant-numeric: tabular-nums; }
.segment-row input:checked + span { background: var(--chosen); box-shadow: inset 0 -3px var(--accent); }
.segment-row input:focus-visible + span { outline: 3px solid var(--accent); outline-offset: -3px; border-radius: 8px; }
.segments:disabled, .segment-row label:has(input:disabled) { opacity: 0.55; }
.segments .quiet-button { justify-self: start; padding: 0.1rem 0.3rem; min-height: 1.8rem; text-decoration: underline; text-underline-offset: 3px; }
.status { font-size: 0.9rem; border-top: 1px solid var(--grid); padding-top: 0.7rem; overflow-wrap: anywhere; }
.status.bad, .bad { color: var(--bad); }
.recordings { position: relative; list-style: none; display: grid; gap: 0.35rem; max-height: 22rem; overflow-y: auto; margin: -0.25rem; padding: 0.25rem; }
.recordings li { display: grid; grid-template-columns: minmax(0, 1fr) auto; border-radius: 8px; border: 1px solid var(--grid); overflow: hidden; position: relative; }
.recordings li:has([aria-current="true"]) { background: var(--chosen); border-color: var(--accent); }
.recordings button { border: 0; border-radius: 7px; background: none; text-align: left; padding: 0.45rem 0.7rem; }
.recordings button:focus-visible { outline-offset: -3px; }
.recordings .name { display: block; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; font-weight: 600; font-size: 0.92rem; }
.recordings .state { display: block; color: var(--muted); font-size: 0.82rem; font-variant-numeric: tabular-nums; }
.recordings .state.bad { color: var(--bad); }
.recordings .remove { color: var(--muted); padding: 0 0.8rem; font-size: 1.15rem; line-height: 1; }
.recordings progress { position: absolute; left: 0; right: 0; bottom: 0; width: 100%; height: 3px; appearance: none; border: 0; background: none; }
.recordings progress::-webkit-progress-bar { background: none; }
.recordings progress::-webkit-progress-value { background: var(--accent); }
.recordings progress::-moz-progress-bar { background: var(--accent); }
.save { display: grid; grid-template-columns: 1fr 1fr; gap: 0.5rem; margin-top: 0.8rem; }
#card dl { display: grid; gap: 0.55rem; font-size: 0.88rem; }
#card dt { color: var(--muted); font-size: 0.8rem; }
#offline { margin-top: 0.8rem; }
#card dd { overflow-wrap: anywhere; }
.viewer { min-height: 12rem; }
.viewer h2 { font-size: 1.25rem; margin-bottom: 0.1rem; overflow-wrap: anywhere; line-height: 1.3; }
.about { color: var(--muted); font-size: 0.9rem; }
.about.bad { color: var(--bad); font-size: 1rem; margin-top: 0.4rem; }
.notes { list-style: none; color: var(--warn); font-size: 0.88rem; }
.notes li { margin-top: 0.2rem; }
.empty { display: grid; place-items: center; text-align: center; gap: 0.6rem; min-height: 22rem; border: 2px dashed var(--grid); border-radius: 12px; padding: 2rem; margin-top: 0.8rem; }
.empty p { max-width: 28rem; }
.empty svg { width: min(20rem, 80%); fill: none; stroke: var(--accent); stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
.toolbar { display: flex; flex-wrap: wrap; align-items: center; gap: 0.4rem; margin: 0.7rem 0; }
.toolbar audio { height: 2.25rem; width: min(21rem, 100%); }
.pictures { position: relative; border-radius: 8px; touch-action: pan-y; user-select: none; cursor: crosshair; }
.pictures canvas { display: block; width: 100%; }
#wave { height: 84px; } #spectrum { height: 168px; } #lanes { height: 28px; } #plot { height: 210px; margin-top: 6px; }
#lanes.both { height: 54px; } #seen { height: 112px; margin-top: 3px; } #seen.strip { height: 34px; }
#cursor { position: absolute; inset: 0; height: 100%; pointer-events: none; }
.looking { margin: 0.6rem 0; padding: 0.5rem 0.8rem; border: 1px solid var(--grid); border-radius: 10px; }
.looking .check { margin: 0; }
.look-more { display: flex; flex-wrap: wrap; align-items: center; gap: 0.3rem 1.2rem; margin-top: 0.4rem; }
.look-more #look-text { flex-basis: 100%; max-width: 95ch; }
.look-key { display: flex; align-items: center; gap: 0.5rem; color: var(--muted); }
.look-key i { width: 6rem; height: 0.8rem; border-radius: 3px; border: 1px solid var(--grid); background: linear-gradient(90deg, #555, #d97b3a 60%, #ff7a1a); forced-color-adjust: none; print-color-adjust: exact; }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: 0.25rem 1.2rem; margin: 0.5rem 0 0.2rem; font-size: 0.9rem; }
.legend li { display: flex; align-items: center; gap: 0.45rem; }
.legend svg { flex: none; }
.legend output { font-variant-numeric: tabular-nums; color: var(--muted); min-width: 2.6rem; }
.summary { display: flex; flex-wrap: wrap; gap: 0.6rem; margin: 1rem 0; }
.summary > div { background: var(--soft); border-radius: 10px; padding: 0.55rem 0.9rem; min-width: 7rem; }
.summary b { display: block; font-size: 1.3rem; line-height: 1.25; font-variant-numeric: tabular-nums; }
.summary span { color: var(--muted); font-size: 0.85rem; }
.summary .line { background: none; padding: 0; flex-basis: 100%; min-width: 0; font-size: 0.9rem; }
.table-head { display: flex; flex-wrap: wrap; align-items: center; gap: 0.5rem 0.8rem; margin: 1rem 0 0.4rem; }
.scroll { overflow: auto; max-height: 28rem; border: 1px solid var(--grid); border-radius: 8px; }
table { border-collapse: collapse; width: 100%; font-size: 0.9rem; font-variant-numeric: tabular-nums; }
caption { white-space: normal; max-width: min(100%, calc(100vw - 4rem)); text-align: left; color: var(--muted); font-size: 0.85rem; padding: 0.5rem 0.7rem; }
th, td { text-align: left; padding: 0.35rem 0.7rem; white-space: nowrap; }
tbody tr { border-top: 1px solid var(--grid); }
thead th { position: sticky; top: 0; background: var(--panel); color: var(--muted); font-weight: 600; font-size: 0.82rem; box-shadow: inset 0 -1px var(--grid); }
td.number, th.number { text-align: right; }
tbody th { font-weight: 400; }
tbody th button { border: 0; background: none; padding: 0.1rem 0.2rem; min-height: 0; color: var(--accent); text-decoration: underline; text-underline-offset: 3px; font-variant-numeric: tabular-nums; }
tr.chosen { background: var(--chosen); }
td.decided { font-weight: 600; }
td.largest { font-weight: 700; }
.differs::after { content: " \\2260"; color: var(--warn); font-weight: 700; }
dialog { border: 1px solid var(--grid); border-radius: 14px; background: var(--panel); color: var(--ink); padding: 1.2rem 1.4rem; max-width: min(30rem, 92vw); }
dialog::backdrop { background: rgba(0, 0, 0, 0.45); }
.check { display: flex; gap: 0.5rem; align-items: center; margin-bottom: 1rem; font-size: 0.9rem; }
dialog dl { display: grid; gap: 0.4rem; margin-bottom: 1rem; }
dialog dl div { display: grid; grid-template-columns: 7rem 1fr; }
.drop { position: fixed; inset: 0; display: grid; place-items: center; background: rgba(0, 60, 100, 0.55); z-index: 10; pointer-events: none; }
.drop p { background: var(--panel); padding: 1.4rem 2.4rem; border-radius: 14px; border: 3px dashed var(--accent); font-size: 1.3rem; font-weight: 600; }
@media (max-width: 60rem) { main { grid-template-columns: minmax(0, 1fr); } .viewer { order: 1; } #list-panel { order: 0; } .side { display: contents; } .side .panel:last-child { order: 2; } }
@media (max-width: 40rem) {
  .top { flex-wrap: wrap; gap: 0.3rem 0.8rem; padding: 0.6rem 0.9rem; } .top .model-line { order: 1; flex-basis: 100%; } .top h1 { flex: 1; }
  .notice { padding: 0.45rem 0.9rem; } main { padding: 0.7rem 0.7rem 2rem; gap: 0.7rem; }
  .panel { padding: 0.8rem; border-radius: 10px; } .empty { min-height: 12rem; padding: 1rem; }
  .toolbar .spring { display: none; } .toolbar button { flex: 1; padding: 0.35rem 0.3rem; } .toolbar audio { width: 100%; }
  #spectrum { height: 130px; } #plot { height: 170px; } .summary { display: grid; grid-template-columns: 1fr 1fr; } .summary .line { grid-column: 1 / -1; }
  
  th, td { padding: 0.35rem 0.5rem; }
}
@media (forced-colors: active) { .segment-row input:checked + span { outline: 2px solid Highlight; outline-offset: -2px; } .record .dot { background: ButtonText; } }
@media (prefers-reduced-motion: no-preference) { .record.on .dot { animation: beat 1.2s ease-in-out infinite; } @keyframes beat { 50% { opacity: 0.35; } } button { transition: background 0.12s; } }
@media print { .side, .toolbar, .quiet-button { display: none !important; } main { display: block; } .scroll { max-height: none; } }
`;
}
