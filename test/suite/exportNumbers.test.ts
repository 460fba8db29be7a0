import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { exportNumbers } from "../../src/suite/exportNumbers.js";

let empty: string;
beforeEach(() => {
  empty = mkdtempSync(path.join(tmpdir(), "auscult-export-"));
  vi.stubEnv("AUSCULT_MLRUNS", empty);
});
afterEach(() => vi.unstubAllEnvs());

test.each([
  [["cycleguardian/tabel10"], 'experiment "cycleguardian/tabel10" is not known (did you mean "cycleguardian/table10"'],
  [["cycleguardian/table10"], "nothing was counted of cycleguardian/table10: `npx auscult show cycleguardian/table10`"],
  [["supcon-sprs/table3"], "there is no finished run on recordings of supcon-sprs/table3 to export"],
  [[], "there is no finished run on recordings to export"],
])("without data and without runs nothing of %j is written", async (ids, says) => {
  await expect(exportNumbers(ids, empty, () => {})).rejects.toThrow(says);
});
