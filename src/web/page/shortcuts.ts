import { part } from "./elements.js";

/** Whether a key belongs to what has the focus. */
function isTaken(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof Element)) return false;
  if (target.closest("input:not([type=radio]):not([type=checkbox]), select, textarea, audio")) return true;
  if (key === " ") return target.closest("button, label, summary, a") !== null;
  // Arrows choose among radio buttons and scroll what scrolls.
  return key.startsWith("Arrow") && target.closest("input, .scroll") !== null;
}

/** Binds keys to actions, all over the page; single letters can be switched off, for who speaks to the browser. */
export function bindShortcuts(actions: Readonly<Record<string, () => void>>): void {
  const enabled = part<HTMLInputElement>("shortcuts-on");
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (part<HTMLDialogElement>("shortcuts").open || isTaken(event.target, event.key)) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (!enabled.checked && key.length === 1 && key !== "?") return;
    const action = Object.hasOwn(actions, key) ? actions[key] : undefined;
    if (!action) return;
    event.preventDefault();
    action();
  });
}
