import { createRequire } from "node:module";
import { afterEach, expect, test } from "vitest";
import { showEntryPictures } from "../../src/lab/entryPictures.js";
import { madeUpRecord } from "../suite/madeUpRecord.js";

const jupyter = createRequire(import.meta.url)("tslab/dist/jupyter.js");
afterEach(() => {
  jupyter.lastWriteDisplayData = null;
});

test("the pictures of an entry are shown from the given runs alone", async () => {
  const shown: Record<string, string>[] = [];
  jupyter.lastWriteDisplayData = ({ data }: { data: Record<string, string> }) => shown.push(data);
  const record = madeUpRecord({
    request: { experiment: "cycleguardian/fig8", row: "Ours (cos)", task: "4-class", fold: "fold2" },
  });
  await showEntryPictures("cycleguardian/fig8", [record]);
  expect(shown).toHaveLength(1);
  expect(shown[0]!["image/svg+xml"]).toContain("Ours (cos), fold2");
  await showEntryPictures("cycleguardian/fig8", []);
  expect(shown).toHaveLength(1);
});
