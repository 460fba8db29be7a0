import { afterAll, describe, expect, test } from "vitest";
import { stopServer } from "../../src/tracking/localServer.js";
import { findMlflow } from "../../src/tracking/mlflowExecutable.js";
import { createRecorder } from "../../src/tracking/mlflowRecorder.js";
import { json, Workplace } from "../endToEnd/commandLine.js";

const reason = findMlflow() ? "" : " (skipped: no mlflow program in AUSCULT_VENV or .venv)";
const place = new Workplace({ MLFLOW_TRACKING_URI: undefined });
afterAll(async () => {
  if (!reason) await stopServer({ mlrunsFolder: place.at("mlruns") });
  place.remove();
});

const newRun = (name: string) =>
  createRecorder({
    ...{ runFolder: place.at("mlruns", "runs", name), experimentName: "made-up/test", runName: name },
    experimentTags: { "mlflow.sharedViewState.scores": "{}" },
  });

describe("auscult ui", () => {
  test("tells how it is used, and that nothing runs", async () => {
    const help = await place.auscult(["ui", "--help"]);
    expect(help).toMatchObject({ code: 0, stderr: "" });
    expect(help.stdout).toMatch(/npx auscult ui supcon-sprs\/table3 .*npx auscult ui --stop/s);
    const stop = await place.auscult(["ui", "--stop"]);
    expect(stop).toMatchObject({ code: 0, stdout: "", stderr: "No local tracking server runs.\n" });
    expect(json(await place.auscult(["ui", "--stop", "--json"]))).toEqual({ stopped: false });
  });

  test("with a tracking server that is away: says which, that nothing is lost, and ends with 1", async () => {
    newRun("waiting").end("FINISHED");
    const uri = "http://ann:secret@127.0.0.1:9";
    const ended = await place.auscult(["ui", "--no-browser"], { env: { MLFLOW_TRACKING_URI: uri } });
    expect([ended.code, ended.stdout]).toEqual([1, ""]);
    expect(ended.stderr).toMatch(/tracking server of MLFLOW_TRACKING_URI cannot be used: .*127\.0\.0\.1:9/);
    expect(ended.stderr).toMatch(/kept on disk and sent later/);
    expect(ended.stderr).not.toContain("secret");
    const wrong = await place.auscult(["ui"], { env: { MLFLOW_TRACKING_URI: "sqlite:///a.db" } });
    expect([wrong.code, wrong.stdout]).toEqual([2, ""]);
    expect(wrong.stderr).toMatch(/"sqlite:" stores cannot be reached/);
  });

  test.skipIf(reason !== "")(
    `starts the server, sends what waits, and prints the page${reason}`,
    { timeout: 300_000 },
    async () => {
      const first = await place.auscult(["ui", "made-up/test", "--no-browser"]);
      expect(first.stderr).toMatch(/starting it takes some seconds.*2 records sent to the tracker\n$/s);
      expect(first.stdout).toMatch(
        /^http:\/\/127\.0\.0\.1:\d+\/#\/experiments\/\d+\/runs\?workflowType=machine_learning&viewStateShareKey=scores\n$/,
      );
      expect(first.code).toBe(0);
      const [server] = first.stdout.split("/#/");

      const list = json(await place.auscult(["ui", "--json"]));
      expect(list).toMatchObject({
        address: `${server}/#/experiments?workflowType=machine_learning`,
        startedNow: false,
      });
      expect(list.sync).toMatchObject({ sent: 0, pending: 0, rejected: 0 });

      const none = await place.auscult(["ui", "supcon-sprs/table3", "--json"]);
      expect(none.stderr).toMatch(/nothing of supcon-sprs\/table3 has been recorded yet/);
      expect(json(none).address).toBe(list.address);
      const unknown = await place.auscult(["ui", "supcon-sprs/table33", "--json"]);
      expect([unknown.code, unknown.stdout]).toEqual([2, ""]);
      expect(unknown.stderr).toMatch(/"supcon-sprs\/table33" is not known.*supcon-sprs\/table3/);

      const stopped = await place.auscult(["ui", "--stop"]);
      expect(stopped).toMatchObject({ code: 0, stdout: "", stderr: "The tracking server was stopped.\n" });
    },
  );
});
