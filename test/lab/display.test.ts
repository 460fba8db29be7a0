import { createRequire } from "node:module";
import { afterEach, expect, test } from "vitest";
import { escapeHtml, newSlot, show, showSound } from "../../src/lab/display.js";

const jupyter = createRequire(import.meta.url)("tslab/dist/jupyter.js");
const sent: { content: { data: Record<string, string>; transient: object }; update: boolean }[] = [];
afterEach(() => {
  jupyter.lastWriteDisplayData = null;
  sent.length = 0;
});
const listen = () => {
  jupyter.lastWriteDisplayData = (content: (typeof sent)[0]["content"], update: boolean) =>
    sent.push({ content, update });
};

test("outside of the kernel it says so", () => {
  expect(() => show({ "text/plain": "x" })).toThrow("Only a notebook cell can show things");
});

test("a figure and its static picture are one output", () => {
  listen();
  show({
    plotly: () => ({ data: [], layout: { margin: { l: 0, r: 0, t: 0, b: 0 } }, config: {} }),
    svg: () => "<svg/>",
  });
  expect(sent).toHaveLength(1);
  expect(Object.keys(sent[0]!.content.data)).toEqual(["application/vnd.plotly.v1+json", "image/svg+xml"]);
});

test("a slot is made once, then changed", () => {
  listen();
  const slot = newSlot();
  show({ "text/plain": "1" }, slot);
  show({ "text/plain": "2" }, slot);
  show({ "text/plain": "3" }, newSlot());
  expect(sent.map(({ update }) => update)).toEqual([false, true, false]);
  expect(sent[0]!.content.transient).toEqual(sent[1]!.content.transient);
  expect(sent[2]!.content.transient).not.toEqual(sent[1]!.content.transient);
});

test("captions cannot become markup", () => {
  listen();
  expect(escapeHtml(`<a href="x">'&'</a>`)).toBe("&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;");
  showSound(new Uint8Array([1, 2, 3]), "<script>");
  for (const { content } of sent) expect(content.data["text/html"]).not.toMatch(/<(script|b|i)>/);
  expect(sent[0]!.content.data["text/html"]).toContain('src="data:audio/wav;base64,AQID"');
});
