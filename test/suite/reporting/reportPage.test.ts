import { describe, expect, it } from "vitest";
import { renderReport, renderTable } from "../../../src/suite/reporting/reportPage.js";
import { reportFixture } from "./reportFixture.js";

describe("report page", () => {
  it("says what was run, on what, with what budget, before the table", () => {
    const model = reportFixture();
    const page = renderReport(model, { plotlyScript: "" });
    const places = [
      model.title,
      model.data,
      "quick: 24 epochs",
      "Ours against printed",
      "not comparable",
      "Run it again",
    ];
    const found = places.map((words) => page.indexOf(words.replace(/'/g, "&#39;"), page.indexOf("<body>")));
    expect(found).not.toContain(-1);
    expect(found).toEqual([...found].sort((a, b) => a - b));
  });

  it("puts print, ours with interval and the verdict with its reason into one row", () => {
    const page = renderReport(reportFixture(), { plotlyScript: "" });
    const row = page.split("<tr>").find((part) => part.includes("0.708"))!;
    for (const words of ["0.687", "0.641 to 0.733", "not comparable", "other test set, reduced budget"]) {
      expect(row).toContain(words);
    }
  });

  it("asks the network for nothing and works without scripts", () => {
    const page = renderReport(reportFixture(), { plotlyScript: "" });
    expect(page).not.toMatch(/\ssrc=|<link|@import|url\(/);
    expect(page).not.toContain("<button");
    expect(page.match(/<svg /g)!.length).toBe(1 + 3 + 2 + 3 + 1);
  });

  it("escapes everything, in text, in attributes and inside scripts", () => {
    const evil = `"><script>alert(1)</script><img src=x onerror='1'>`;
    const model = reportFixture({ title: evil, data: evil, notes: [evil], command: evil, citation: evil });
    const run = model.runs[0]!;
    Object.assign(run, {
      name: evil,
      row: evil,
      splitNotes: [evil],
      trackingUrl: "javascript:alert(1)",
      chosenBy: evil,
    });
    run.provenance = { [evil]: evil };
    run.scoresBySet = { [evil]: run.scoresBySet.inter! };
    run.confusionBySet = { [evil]: { labels: [evil, "b"], counts: [[1, 2], [3, 4]] } }; // biome-ignore format: one line
    run.history = [{ epoch: 1, [`${evil}/score`]: 0.5 }];
    model.cells[0]!.row = evil;
    model.cells[0]!.why = evil;
    const page = renderReport(model, { plotlyScript: "window.x = '</script>';" });
    expect(page).not.toContain("<script>alert");
    expect(page).not.toContain("<img");
    expect(page).not.toContain('href="javascript:');
    expect(page).toContain("window.x = '<\\/script>';");
    expect(page).toContain("&#60;script&#62;alert(1)");
  });

  it("carries each figure as JSON that a script can read", () => {
    const page = renderReport(reportFixture(), { plotlyScript: "/* plotly */" });
    const figures = [...page.matchAll(/<script type="application\/json">(.*?)<\/script>/gs)].map((m) =>
      JSON.parse(m[1]!),
    );
    expect(figures).toHaveLength(10);
    for (const figure of figures) expect(Object.keys(figure)).toEqual(["light", "dark"]);
  });

  it("calls made-up sounds made-up, in the notice and in every figure", () => {
    const model = reportFixture({ madeUp: true });
    for (const run of model.runs) run.madeUp = true;
    const page = renderReport(model, { plotlyScript: "" });
    expect(page).toContain("Made-up sounds: these numbers say");
    for (const [svg] of page.matchAll(/<svg .*?<\/svg>/gs)) expect(svg).toContain("made-up sounds");
  });

  it("stands a report without cells, without numbers and without runs", () => {
    const empty = renderReport(reportFixture({ cells: [], runs: [], notes: [] }), { plotlyScript: "" });
    expect(empty).toContain("No cell was run yet.");
    const model = reportFixture();
    model.runs[0]!.scoresBySet = {
      inter: { se: null, sp: 1, as: null, hs: null, score: null, low: null, high: null },
    };
    model.runs[0]!.endOfRun = null;
    model.runs[0]!.history = [];
    expect(renderReport(model, { plotlyScript: "" })).not.toMatch(/NaN|undefined|null/);
  });
});

describe("report table", () => {
  it("is aligned and at most 100 columns wide", () => {
    const lines = renderTable(reportFixture()).split("\n");
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(100);
    const head = lines.find((line) => line.startsWith("row "))!;
    const row = lines.find((line) => line.includes("0.687"))!;
    expect(row.indexOf("0.687") + 5).toBe(head.indexOf("ours") + 4);
    expect(row.indexOf("not comparable")).toBe(head.indexOf("verdict"));
  });

  it("wraps long reasons below their column and names made-up sounds", () => {
    const model = reportFixture({ madeUp: true });
    model.cells[0]!.why = "other test set, reduced budget, made-up sounds, part of the data";
    const table = renderTable(model);
    expect(table).toContain("(MADE-UP SOUNDS)");
    for (const line of table.split("\n")) expect(line.length).toBeLessThanOrEqual(100);
    expect(table.replace(/\s+/g, " ")).toContain("reduced budget, made-up sounds, part of the data");
  });
});
