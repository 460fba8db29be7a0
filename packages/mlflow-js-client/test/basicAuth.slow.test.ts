import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MlflowClient } from "../src/client.js";
import { connectionFromEnvironment } from "../src/environment.js";
import { mlflowProgram, startServer, temporaryFolder } from "./support.js";

const program = mlflowProgram();

/** A folder with what MLflow's basic-auth application needs beside MLflow; undefined where it is not to be had. */
function extraPackages(): string | undefined {
  const python = path.join(path.dirname(program!), "python");
  const folder = mkdtempSync(path.join(tmpdir(), "mlflow-js-client-"));
  const arguments_ = ["-m", "pip", "install", "--quiet", "--no-deps", "--target", folder, "Flask-WTF", "WTForms"];
  try {
    execFileSync(python, arguments_, { stdio: "ignore", timeout: 120_000 });
    return folder;
  } catch {
    return undefined;
  }
}

const packages = program ? extraPackages() : undefined;
const missing = program ? "Flask-WTF cannot be installed" : "no mlflow program in AUSCULT_VENV or .venv";
const reason = packages ? "" : ` (skipped: ${missing})`;

describe.skipIf(!packages)(`a server with --app-name basic-auth${reason}`, () => {
  const place = temporaryFolder();
  const password = "a long p%ssword: with signs";
  let server: Awaited<ReturnType<typeof startServer>>;
  beforeAll(async () => {
    const settings = path.join(place.folder, "auth.ini");
    const lines = [
      "[mlflow]",
      "default_permission = READ",
      `database_uri = sqlite:///${place.folder}/auth.db`,
      "admin_username = chief",
      `admin_password = ${password.replaceAll("%", "%%")}`,
      "authorization_function = mlflow.server.auth:authenticate_request_basic_auth",
    ];
    writeFileSync(settings, lines.join("\n"));
    server = await startServer(place.folder, undefined, {
      args: ["--app-name", "basic-auth"],
      environment: {
        MLFLOW_AUTH_CONFIG_PATH: settings,
        MLFLOW_FLASK_SERVER_SECRET_KEY: "for this test",
        PYTHONPATH: packages!,
      },
    });
  });
  afterAll(async () => {
    await server?.stop();
    place.remove();
  });

  it("lets in who has the password, by variables, by the credentials file and within the address", async () => {
    const home = (text?: string) => {
      const folder = mkdtempSync(path.join(tmpdir(), "mlflow-js-client-"));
      mkdirSync(path.join(folder, ".mlflow"));
      if (text) writeFileSync(path.join(folder, ".mlflow", "credentials"), text);
      return folder;
    };
    const file = `[mlflow]\nmlflow_tracking_username = chief\nmlflow_tracking_password = ${password.replaceAll("%", "%%")}\n`;
    const address = server.uri.replace("//", `//chief:${encodeURIComponent(password)}@`);
    const ways = [
      connectionFromEnvironment(
        { HOME: home(), MLFLOW_TRACKING_USERNAME: "chief", MLFLOW_TRACKING_PASSWORD: password },
        server.uri,
      ),
      connectionFromEnvironment({ HOME: home(file) }, server.uri),
      connectionFromEnvironment({ HOME: home(), MLFLOW_TRACKING_URI: address }),
    ];
    for (const [index, connection] of ways.entries()) {
      const client = new MlflowClient(connection, { attempts: 1 });
      const { experiment_id } = await client.getOrCreateExperiment(`way ${index}`);
      const { info } = await client.createRun({ experimentId: experiment_id, name: "run" });
      await client.logBatch(info.run_id, { metrics: [{ key: "m", value: 1, step: 1, timestamp: 1 }] });
      await client.artifacts.upload(info.artifact_uri, "a.bin", new Uint8Array(3_000_000));
      expect(await client.metricHistory(info.run_id, "m")).toHaveLength(1);
      expect(await client.artifacts.download(info.artifact_uri, "a.bin")).toHaveLength(3_000_000);
      client.transport.close();
    }
  });

  it("lets nobody else in, and says so, for small requests and large ones", async () => {
    for (const credentials of [{}, { username: "chief", password: "wrong password" }, { token: "wrong-token" }]) {
      const client = new MlflowClient({ uri: server.uri, ...credentials }, { attempts: 1 });
      const small = await client.getOrCreateExperiment("x").catch((error) => error);
      expect(small).toMatchObject({ name: "MlflowError", status: 401, transient: false });
      const large = client.artifacts.upload("mlflow-artifacts:/1/r/artifacts", "a.bin", new Uint8Array(30_000_000));
      expect(await large.catch((error) => error)).toMatchObject({ name: "MlflowError", status: 401, transient: false });
      client.transport.close();
    }
  });
});
