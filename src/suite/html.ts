import { escapeText as escapeHtml } from "../figures/theme.js";

export { escapeHtml };

/** A value as JSON that may stand inside a script element: no `<` can end it. */
export function jsonForScript(value: unknown): string {
  return JSON.stringify(value)
    .replace(/</g, "\\u003c")
    .replace(/\u2028/g, "\\u2028")
    .replace(/\u2029/g, "\\u2029");
}

/** A metric from 0 to 1 with three decimals, an en dash where there is none. */
export function shown(value: number | null | undefined, digits = 3): string {
  return value === null || value === undefined || !Number.isFinite(value) ? "–" : value.toFixed(digits);
}

/** "0.612 to 0.701", or nothing. */
export function shownRange(range: { low: number | null; high: number | null } | null | undefined): string {
  if (!range || range.low === null || range.high === null) return "";
  return Number.isFinite(range.low) && Number.isFinite(range.high)
    ? `${range.low.toFixed(3)} to ${range.high.toFixed(3)}`
    : "";
}

/** "2 h 05 min", "4 min 07 s", "12 s". */
export function shownDuration(seconds: number): string {
  const whole = Math.round(seconds);
  const two = (value: number) => String(value).padStart(2, "0");
  if (whole >= 3600) return `${Math.floor(whole / 3600)} h ${two(Math.floor((whole % 3600) / 60))} min`;
  return whole >= 60 ? `${Math.floor(whole / 60)} min ${two(whole % 60)} s` : `${whole} s`;
}

/** An ordered or unordered list, nothing for no items. Items are escaped. */
export function htmlList(items: readonly string[]): string {
  return items.length === 0 ? "" : `<ul>${items.map((item) => `<li>${escapeHtml(item)}</li>`).join("")}</ul>`;
}
