/** Keys and indices from the outermost value to one inside it. */
export type JsonPath = readonly (string | number)[];

/** The line, from 1, where the value at a path begins; of keys told twice the last, which `JSON.parse` takes. */
export function jsonLineOf(text: string, path: JsonPath): number | undefined {
  let found: number | undefined;
  walk(text, (stack, at) => {
    if (stack.length === path.length && stack.every(({ key }, depth) => key === path[depth])) found = at;
  });
  return found === undefined ? undefined : lineAt(text, found);
}

/** The line, from 1, of the first character that cannot be JSON; undefined where the text is valid. */
export function jsonErrorLine(text: string): number | undefined {
  const at = walk(text, () => {});
  return at === undefined ? undefined : lineAt(text, at);
}

function lineAt(text: string, position: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at >= 0 && at < position; at = text.indexOf("\n", at + 1)) line++;
  return line;
}

/** An object or list that is open, and the key or index of its value under way. */
interface Open {
  object: boolean;
  key: string | number;
}

/**
 * Walks through a JSON text and tells where each value begins; without recursion, so that no nesting is too deep.
 * @returns the place of the first error, or undefined
 */
function walk(text: string, visit: (stack: readonly Open[], at: number) => void): number | undefined {
  const stack: Open[] = [];
  let at = 0;
  const blank = () => {
    while (at < text.length && " \t\n\r".includes(text[at]!)) at++;
  };
  /** Reads a key and its colon; false at an error. */
  const readKey = (open: Open): boolean => {
    blank();
    const end = text[at] === '"' ? stringEnd(text, at) : { error: at };
    if (typeof end !== "number") {
      at = end.error;
      return false;
    }
    open.key = JSON.parse(text.slice(at, end)) as string;
    at = end;
    blank();
    if (text[at] !== ":") return false;
    at++;
    return true;
  };

  for (;;) {
    blank();
    visit(stack, at);
    const character = text[at];
    if (character === "{" || character === "[") {
      const open: Open = { object: character === "{", key: 0 };
      at++;
      blank();
      stack.push(open);
      if (text[at] !== (open.object ? "}" : "]")) {
        if (open.object && !readKey(open)) return at;
        continue;
      }
    } else {
      const end = scalarEnd(text, at);
      if (typeof end !== "number") return end.error;
      at = end;
    }
    // A value has ended, and with it perhaps those around it.
    for (;;) {
      blank();
      const open = stack.at(-1);
      if (!open) return at < text.length ? at : undefined;
      if (text[at] === ",") {
        at++;
        if (!open.object) open.key = (open.key as number) + 1;
        else if (!readKey(open)) return at;
        break;
      }
      if (text[at] !== (open.object ? "}" : "]")) return at;
      at++;
      stack.pop();
    }
  }
}

type End = number | { error: number };

function scalarEnd(text: string, at: number): End {
  if (text[at] === '"') return stringEnd(text, at);
  SCALAR.lastIndex = at;
  const match = SCALAR.exec(text);
  return match ? at + match[0].length : { error: at };
}

const SCALAR = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const ESCAPE = /["\\/bfnrt]|u[0-9a-fA-F]{4}/y;

function stringEnd(text: string, start: number): End {
  for (let at = start + 1; at < text.length; at++) {
    const character = text[at]!;
    if (character === '"') return at + 1;
    if (character < " ") return { error: at };
    if (character !== "\\") continue;
    ESCAPE.lastIndex = at + 1;
    const escaped = ESCAPE.exec(text);
    if (!escaped) return { error: at };
    at += escaped[0].length;
  }
  return { error: text.length };
}
