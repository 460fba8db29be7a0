import { expect, test } from "vitest";
import { compactNumbers } from "../../src/lab/compactNumbers.js";

// import base64, numpy as np
// base64.b64encode((np.arange(64, dtype="<f4") / 2).tobytes())[:24], base64.b64encode(np.arange(64, dtype="i1").tobytes())[:16]
const HALVES = "AAAAAAAAAD8AAIA/AADAPwAA";
const BYTES = "AAECAwQFBgcICQoL";

const range = (length: number, of: (i: number) => number) => Array.from({ length }, (_, i) => of(i));

test("long arrays become base64 of single-precision numbers, small integers of bytes", () => {
  const figure = { data: [{ type: "scatter", x: range(64, (i) => i / 2), y: range(64, (i) => i) }] };
  const { data } = compactNumbers(figure) as { data: { x: { bdata: string }; y: { bdata: string } }[] };
  expect(data[0]).toMatchObject({ type: "scatter", x: { dtype: "f4" }, y: { dtype: "i1" } });
  expect(data[0]!.x.bdata.slice(0, 24)).toBe(HALVES);
  expect(data[0]!.y.bdata.slice(0, 16)).toBe(BYTES);
});

test("a table keeps its shape, row by row", () => {
  const z = range(4, (row) => row).map((row) => range(16, (column) => row * 16 + column));
  expect(compactNumbers({ z })).toEqual({ z: { dtype: "i1", bdata: expect.stringMatching(/^AAEC/), shape: "4, 16" } });
});

test("gaps become NaN", () => {
  const { y } = compactNumbers({ y: [null, ...range(64, (i) => i)] }) as { y: { dtype: string; bdata: string } };
  expect(y.dtype).toBe("f4");
  // import base64, numpy as np; base64.b64encode(np.array([np.nan, 0, 1], "<f4").tobytes())
  expect(y.bdata.slice(0, 16)).toBe("AADAfwAAAAAAAIA/");
});

test.each([
  ["short arrays", range(63, (i) => i)],
  ["arrays with NaN", [...range(64, (i) => i), Number.NaN]],
  ["text", range(64, (i) => i).map(String)],
  ["ragged tables", [range(64, (i) => i).map(String), range(3, (i) => i)]],
])("%s stay as they are", (_, array) => {
  expect(compactNumbers({ array })).toEqual({ array });
});
