import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/** One folder for all temporary files of a test run, gone when it ends, whatever its tests leave behind. */
export default function temporaryFolder(): () => void {
  const folder = mkdtempSync(path.join(tmpdir(), "auscult-tests-"));
  // Tests that give up root's rights must still get through it.
  chmodSync(folder, 0o755);
  process.env.TMPDIR = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
