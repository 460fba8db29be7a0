import { expect, it } from "vitest";
import { blueToOrange, blueToOrangeScale } from "../../src/figures/blueToOrange.js";
import { heatmap, mapPanels } from "../../src/figures/index.js";

const map = {
  values: [0, 1, 2, 3, 4, 5],
  rows: 2,
  frames: 3,
  hopSeconds: 0.5,
  rowLabel: "band",
  valueLabel: "power (dB)",
};
const difference = { ...map, values: [0, -4, 1, 2, 0, 0], hopSeconds: 1 };

it("mapPanels: one time axis for all, panels from top to bottom, 0 in the middle of a difference", () => {
  const figure = mapPanels({
    panels: [
      { ...map, name: "ours" },
      { ...difference, name: "difference", signed: true },
    ],
  });
  const { data, layout } = figure.plotly();
  expect(data.map(({ yaxis, zmin, zmax }) => [yaxis, zmin, zmax])).toEqual([
    ["y", undefined, undefined],
    ["y2", -4, 4],
  ]);
  expect((layout.xaxis as { range: number[] }).range).toEqual([-0.5, 2.5]);
  const [above, below] = [layout.yaxis, layout.yaxis2] as { domain: number[] }[];
  expect(above!.domain[0]).toBeGreaterThan(below!.domain[1]!);
  expect(figure.svg()).toContain("difference: power (dB) over time and band: 2 rows, 3 frames, from -4.00 to 4.00.");
});

it("mapPanels: refuses a wrong shape, says that there is nothing", () => {
  expect(() => mapPanels({ panels: [{ ...map, rows: 3, name: "x" }] })).toThrow(/3 x 3 needs 9 values, got 6/);
  expect(mapPanels({ panels: [] }).svg()).toContain("The maps have no values.");
});

it("blueToOrange: white in the middle, Okabe and Ito's colours at the ends", () => {
  expect([blueToOrange[0], blueToOrange[255]]).toEqual([[0, 114, 178], [213, 94, 0]]); // biome-ignore format: two colours
  for (const level of [...blueToOrange[127]!, ...blueToOrange[128]!]) expect(level).toBeGreaterThan(244);
  expect(blueToOrangeScale[1]).toEqual([0.5, "rgb(247,247,247)"]);
});

it("heatmap: rows have their names in both forms", () => {
  const figure = heatmap({ ...map, rowNames: ["tile & repeat", "zeros"] });
  const { data, layout } = figure.plotly();
  expect(data[0]!.y).toEqual(["tile &#38; repeat", "zeros"]);
  expect(layout.yaxis).toMatchObject({ type: "category", tickvals: [0, 1], ticktext: ["tile &#38; repeat", "zeros"] });
  expect(figure.svg()).toContain("tile &#38; repeat");
  expect(() => heatmap({ ...map, rowNames: ["one"] })).toThrow(/rowNames must name 2 rows, got 1/);
});
