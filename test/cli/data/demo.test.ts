import path from "node:path";
import { describe, expect, it, vi } from "vitest";
import { dataDemoCommand } from "../../../src/cli/data/demo.js";
import { loadIcbhi } from "../../../src/datasets/icbhi/load.js";
import { loadSprSound } from "../../../src/datasets/sprsound/load.js";
import { temporaryFolder } from "../../datasets/sprsound/layoutFixture.js";

describe("auscult data demo", () => {
  it("writes both layouts, and tells of both", async () => {
    const folder = path.join(temporaryFolder(), "new");
    let stdout = "";
    vi.spyOn(process.stderr, "write").mockReturnValue(true);
    vi.spyOn(process.stdout, "write").mockImplementation((chunk) => {
      stdout += chunk;
      return true;
    });
    try {
      await dataDemoCommand().parseAsync([folder, "--seed", "4"], { from: "user" });
    } finally {
      vi.restoreAllMocks();
    }
    const sprsound = loadSprSound(folder);
    const icbhi = loadIcbhi(folder);
    expect([sprsound.madeUp, icbhi.madeUp]).toEqual([true, true]);
    const cycles = icbhi.recordings.reduce((sum, recording) => sum + recording.cycles.length, 0);
    const events = sprsound.recordings.reduce((sum, recording) => sum + recording.events.length, 0);
    const patientsOf = (recordings: readonly { patient: string }[]) =>
      `${recordings.length} made-up recordings of ${new Set(recordings.map(({ patient }) => patient)).size} made-up patients`;
    expect(stdout.split("\n")).toEqual([
      `sprsound: ${patientsOf(sprsound.recordings)}, ${events} events`,
      `icbhi: ${patientsOf(icbhi.recordings)}, ${cycles} cycles`,
      `read them with --data ${folder}`,
      "",
    ]);
  });

  it("says in its help what it writes and what it leaves alone", () => {
    let help = "";
    dataDemoCommand()
      .configureOutput({ writeOut: (text) => (help += text) })
      .outputHelp();
    for (const word of ["SPRSound", "ICBHI", "--seed", "recordings are never touched", "check icbhi"]) {
      expect(help).toContain(word);
    }
  });
});
