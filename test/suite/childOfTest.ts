/** The child of `childProcess.test.ts`: does what its task says. */
import { serveParent } from "../../src/suite/childProcess.js";
import { Interrupted } from "../../src/training/interrupted.js";
import { UserError } from "../../src/userError.js";

serveParent<string, unknown>(async (task, { signal, tell }) => {
  tell({ got: task, nothing: Number.NaN });
  if (task === "fail") throw new UserError("give 4", 2);
  if (task === "die") process.kill(process.pid, "SIGKILL");
  if (task !== "wait") return;
  await new Promise((resolve) => signal.addEventListener("abort", resolve));
  throw new Interrupted("stopped in the middle");
});
