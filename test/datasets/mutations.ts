import { Streams } from "../../src/random/streams.js";

/** Pieces that break readers: numbers beyond all bounds, nesting, other alphabets, bytes that are no text. */
const PIECES = [
  "\0",
  "\ufeff",
  "\ufffd",
  "\r\n",
  "\r",
  "\t",
  "-",
  "1e999",
  "9".repeat(400),
  "0x1F",
  "NaN",
  "Infinity",
  "null",
  "{}",
  "[]",
  '"',
  "\\",
  "\\u00",
  '{"a":',
  "[".repeat(3000),
  '[{"a":'.repeat(200),
  ",",
  ";",
  "１",
  "−",
  "__proto__",
  "constructor",
  "\u2028",
  "\ud800",
];

/** Wrong versions of a text, the same for the same seed: bytes flipped, parts cut, doubled, moved, or replaced by pieces. */
export function* mutations(text: string, count: number, seed: number): Generator<string> {
  const streams = new Streams(seed);
  for (let index = 0; index < count; index++) {
    const rng = streams.stream("mutation", index);
    const below = (bound: number) => rng.integer(bound);
    let changed = text;
    for (let changes = 1 + below(3); changes > 0; changes--) {
      const at = below(changed.length + 1);
      const length = below(rng.uniform() < 0.8 ? 4 : changed.length + 1);
      const [before, part, after] = [changed.slice(0, at), changed.slice(at, at + length), changed.slice(at + length)];
      const lines = changed.split("\n");
      const line = below(lines.length);
      switch (below(7)) {
        case 0:
          changed = before + after;
          break;
        case 1:
          changed = before + part + part + after;
          break;
        case 2:
          changed = before + PIECES[below(PIECES.length)] + after;
          break;
        case 3:
          changed = before; // the file ends here
          break;
        case 4:
          changed = [...lines.slice(0, line + 1), ...lines.slice(line)].join("\n");
          break;
        case 5:
          changed = lines.filter((_, i) => i !== line).join("\n");
          break;
        default:
          changed = flipByte(changed, below);
      }
    }
    yield changed;
  }
}

/** One bit of one byte of the file, read as UTF-8 again, as a reader would. */
function flipByte(text: string, below: (bound: number) => number): string {
  const bytes = Buffer.from(text, "utf8");
  if (bytes.length === 0) return text;
  bytes[below(bytes.length)]! ^= 1 << below(8);
  return bytes.toString("utf8");
}
