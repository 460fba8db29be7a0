/**
 * A small PNG with a palette, as a data address: one byte per pixel, stored without compression, so that a map of some
 * thousand cells is one picture inside an SVG and not thousands of rectangles.
 * @param indices palette indices, [height, width], row-major, top row first
 * @param palette red, green, blue per entry, at most 256 entries
 */
export function palettePng(
  indices: Uint8Array,
  width: number,
  height: number,
  palette: readonly (readonly number[])[],
): string {
  const rows = new Uint8Array((width + 1) * height);
  for (let y = 0; y < height; y++) rows.set(indices.subarray(y * width, (y + 1) * width), y * (width + 1) + 1);
  const header = [...bigEndian(width), ...bigEndian(height), 8, 3, 0, 0, 0];
  const bytes = [
    ...[137, 80, 78, 71, 13, 10, 26, 10],
    ...chunk("IHDR", header),
    ...chunk("PLTE", palette.flat()),
    ...chunk("IDAT", storedZlib(rows)),
    ...chunk("IEND", []),
  ];
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return `data:image/png;base64,${btoa(text)}`;
}

function bigEndian(value: number): number[] {
  return [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
}

function chunk(name: string, content: readonly number[]): number[] {
  const named = [...Array.from(name, (letter) => letter.charCodeAt(0)), ...content];
  return [...bigEndian(content.length), ...named, ...bigEndian(crc32(named))];
}

/** zlib stream of stored blocks (RFC 1950 and 1951), each at most 65,535 bytes. */
function storedZlib(data: Uint8Array): number[] {
  const out = [0x78, 0x01];
  for (let start = 0; start < data.length; start += 65535) {
    const block = data.subarray(start, start + 65535);
    const size = block.length;
    out.push(start + size >= data.length ? 1 : 0, size & 255, size >> 8, ~size & 255, (~size >> 8) & 255);
    for (const byte of block) out.push(byte);
  }
  let a = 1;
  let b = 0;
  for (const byte of data) {
    a = (a + byte) % 65521;
    b = (b + a) % 65521;
  }
  return [...out, b >> 8, b & 255, a >> 8, a & 255];
}

function crc32(bytes: readonly number[]): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let k = 0; k < 8; k++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}
