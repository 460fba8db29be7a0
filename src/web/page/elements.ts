/** The element of the page that must be there. */
export function part<K extends HTMLElement = HTMLElement>(id: string): K {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no #${id}`);
  return found as K;
}

type Child = Node | string | undefined | false;

/** A new element; texts are texts, never markup. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  given: Partial<Record<string, string>> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) if (value !== undefined) element.setAttribute(name, value);
  element.append(...children.filter((child) => child !== undefined && child !== false));
  return element;
}

/** Sets a text only where it is another: assistive technology hears of changes. */
export function say(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
