import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { readCredentialsFile } from "../src/credentialsFile.js";
import { connectionFromEnvironment, parseTrackingUri } from "../src/environment.js";
import { Transport } from "../src/transport.js";
import { mlflowProgram, python } from "./support.js";

const program = mlflowProgram();
const reason = program ? "" : " (skipped: no mlflow program in AUSCULT_VENV or .venv)";
const uri = "http://h:5000";

function homeWith(text?: string): string {
  const home = mkdtempSync(path.join(tmpdir(), "mlflow-js-client-"));
  if (text === undefined) return home;
  mkdirSync(path.join(home, ".mlflow"));
  writeFileSync(path.join(home, ".mlflow", "credentials"), text);
  return home;
}

const pair = (name: string, password: string) =>
  `[mlflow]\nmlflow_tracking_username = ${name}\nmlflow_tracking_password = ${password}\n`;

describe("the environment of MLflow's Python client", () => {
  it("gives the address and every setting, in our units", () => {
    const connection = connectionFromEnvironment({
      HOME: homeWith(),
      MLFLOW_TRACKING_URI: "https://h.example:5000/prefix//",
      MLFLOW_TRACKING_USERNAME: "ann",
      MLFLOW_TRACKING_PASSWORD: "pa55",
      MLFLOW_HTTP_REQUEST_TIMEOUT: "7",
      MLFLOW_HTTP_REQUEST_MAX_RETRIES: "2",
      MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR: "3",
      MLFLOW_HTTP_REQUEST_BACKOFF_JITTER: "0.5",
      MLFLOW_HTTP_RESPECT_RETRY_AFTER_HEADER: "FALSE",
      MLFLOW_TRACKING_SERVER_CERT_PATH: "/ca.pem",
      MLFLOW_TRACKING_CLIENT_CERT_PATH: "/me.pem",
      MLFLOW_TRACKING_INSECURE_TLS: "0",
      MLFLOW_WORKSPACE: " team ",
    });
    expect({ ...connection }).toEqual({
      uri: "https://h.example:5000/prefix",
      username: "ann",
      password: "pa55",
      timeoutMs: 7000,
      maxRetries: 2,
      backoffMs: 3000,
      backoffJitterMs: 500,
      respectRetryAfter: false,
      serverCertPath: "/ca.pem",
      clientCertPath: "/me.pem",
      insecureTls: false,
      workspace: "team",
    });
    const HOME = homeWith();
    expect({ ...connectionFromEnvironment({ HOME, MLFLOW_TRACKING_URI: uri, MLFLOW_TRACKING_TOKEN: "t" }) }).toEqual({
      uri,
      token: "t",
    });
    expect({
      ...connectionFromEnvironment({ HOME, MLFLOW_TRACKING_USERNAME: "", MLFLOW_HTTP_REQUEST_TIMEOUT: "" }, uri),
    }).toEqual({ uri });
  });

  it("takes credentials from the address, then the environment, then the file, each name and password alone", () => {
    const HOME = homeWith(pair("filed", "file-pa55"));
    const ask = (environment: Record<string, string>, address = uri) => {
      const { username, password, token } = connectionFromEnvironment({ HOME, ...environment }, address);
      return [username, password, token];
    };
    expect(ask({})).toEqual(["filed", "file-pa55", undefined]);
    expect(ask({ MLFLOW_TRACKING_PASSWORD: "other" })).toEqual(["filed", "other", undefined]);
    expect(ask({ MLFLOW_TRACKING_USERNAME: "bob" })).toEqual(["bob", "file-pa55", undefined]);
    expect(ask({}, "http://bob:b%40b@h")).toEqual(["bob", "b@b", undefined]);
    expect(ask({ MLFLOW_TRACKING_USERNAME: "bob", MLFLOW_TRACKING_PASSWORD: "b" }, "http://bob:b@h")).toEqual([
      "bob",
      "b",
      undefined,
    ]);
  });

  it("refuses contradictions, halves and wrong values with a sentence, never with the secret", () => {
    const empty = homeWith();
    const filed = homeWith(pair("filed", "file-pa55"));
    const refused: [Record<string, string>, RegExp, string?][] = [
      [{ MLFLOW_TRACKING_USERNAME: "ann" }, /_PASSWORD: a user name is given without a password/],
      [{ MLFLOW_TRACKING_PASSWORD: "s3cret" }, /_USERNAME: a password is given without a user name/],
      [
        { MLFLOW_TRACKING_USERNAME: "ann", MLFLOW_TRACKING_PASSWORD: "s3cret", MLFLOW_TRACKING_TOKEN: "s3cret" },
        /_TOKEN: a user name is given as well \(by MLFLOW_TRACKING_USERNAME\)/,
      ],
      [{ HOME: filed, MLFLOW_TRACKING_TOKEN: "s3cret" }, /_TOKEN: a user name is given as well \(by .*credentials\)/],
      [{ MLFLOW_TRACKING_TOKEN: "s3cret" }, /\(by the tracking address\)/, "http://ann:s3cret@h"],
      [{ MLFLOW_TRACKING_USERNAME: "bob" }, /_USERNAME: it differs from the one within the/, "http://ann:s3cret@h"],
      [{ MLFLOW_TRACKING_PASSWORD: "other" }, /_PASSWORD: it differs from the one within the/, "http://ann:s3cret@h"],
      [
        { MLFLOW_TRACKING_INSECURE_TLS: "true", MLFLOW_TRACKING_SERVER_CERT_PATH: "/ca.pem" },
        /_INSECURE_TLS: MLFLOW_TRACKING_SERVER_CERT_PATH is given as well/,
      ],
      [{ MLFLOW_TRACKING_INSECURE_TLS: "yes" }, /"yes" must be true, false, 1 or 0/],
      [{ MLFLOW_HTTP_REQUEST_TIMEOUT: "soon" }, /"soon" must be a number from 0.001 to 86400/],
      [{ MLFLOW_HTTP_REQUEST_MAX_RETRIES: "11" }, /"11" must be a whole number from 0 to 10/],
      [{ MLFLOW_HTTP_REQUEST_MAX_RETRIES: "1.5" }, /whole number/],
      [{ MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR: "-1" }, /"-1" must be a number from 0 to 120/],
      [{ MLFLOW_TRACKING_AUTH: "kubernetes" }, /_AUTH: authentication by a plug-in of MLflow's Python client cannot/],
      [{ MLFLOW_TRACKING_AWS_SIGV4: "true" }, /_AWS_SIGV4: requests that are signed for AWS cannot/],
      [{}, /"sqlite:" stores cannot be reached from here; start "mlflow server"/, "sqlite:///s3cret.db"],
      [{}, /tracking address: it is not an address/, "databricks"],
      [{}, /tracking address: it holds a query/, "http://h:5000/?token=s3cret"],
      [{}, /tracking address: .*hold a "%"/, "http://ann:s3cret%zz@h"],
    ];
    for (const [environment, message, address = uri] of refused) {
      const act = () => connectionFromEnvironment({ HOME: empty, ...environment }, address);
      expect(act).toThrow(message);
      expect(act).not.toThrow(/s3cret/);
    }
    expect(() => connectionFromEnvironment({})).toThrow(/MLFLOW_TRACKING_URI: it is not set/);
    expect(() => new Transport({ uri, token: "a\nb" })).toThrow(/token: it holds a line end/);
  });

  it("parseTrackingUri keeps nothing but the place", () => {
    expect({ ...parseTrackingUri("https://Ann:p%3A@H.example/mlflow/#/experiments/1") }).toEqual({
      uri: "https://h.example/mlflow",
      username: "Ann",
      password: "p:",
    });
  });
});

const files = {
  plain: pair("ann", "pa55"),
  colon: "[mlflow]\nMLFLOW_Tracking_Username: ann\nmlflow_tracking_password:p:a=5\n",
  comments:
    "# c\n; c\n\n[other]\nx=1\n[mlflow]\n# c\nmlflow_tracking_username=ann ; kept\nmlflow_tracking_password = a # b\n",
  defaults: "[DEFAULT]\nmlflow_tracking_password = common\n[mlflow]\nmlflow_tracking_username = ann\n",
  percent: pair("a%%b", "%%%%"),
  indented: "[mlflow]\n  mlflow_tracking_username = ann\n  mlflow_tracking_password = b\n",
  crlf: pair("ann", "ü€").replaceAll("\n", "\r\n"),
  quoted: pair('"ann"', "'x'"),
  none: "[other]\nmlflow_tracking_username = ann\n",
  empty: "",
  half: "[mlflow]\nmlflow_tracking_username = ann\n",
  badPercent: pair("ann", "50%off"),
  reference: pair("ann", "%(x)s"),
  noSection: "mlflow_tracking_username = ann\n",
  noValue: "[mlflow]\nmlflow_tracking_username\n",
  twice: `${pair("ann", "x")}mlflow_tracking_password = y\n`,
  twoSections: pair("ann", "x") + pair("bob", "y"),
};

/** What MLflow's own reader makes of each file: `[username, password]`, or the name of its error. */
const readByMlflow = `
import json, os, sys, tempfile
from mlflow.utils import credentials
answers = {}
for name, text in json.loads(sys.argv[1]).items():
    path = os.path.join(tempfile.mkdtemp(), "credentials")
    with open(path, "w", encoding="utf8", newline="") as f: f.write(text)
    credentials._get_credentials_path = lambda: path
    try: answers[name] = list(credentials._read_mlflow_creds_from_file())
    except Exception as error: answers[name] = type(error).__name__
print(json.dumps(answers))
`;

describe.skipIf(!program)(`the credentials file${reason}`, () => {
  it("is read, and refused, as MLflow's Python client does it", () => {
    const expected = python(readByMlflow, JSON.stringify(files)) as Record<string, (string | null)[] | string>;
    const ours = Object.fromEntries(
      Object.entries(files).map(([name, text]) => {
        const file = path.join(homeWith(text), ".mlflow", "credentials");
        try {
          const { username, password } = readCredentialsFile(file);
          return [name, [username ?? null, password ?? null]];
        } catch (error) {
          expect((error as Error).message.startsWith(`${file}: `)).toBe(true);
          return [name, (error as Error).name];
        }
      }),
    );
    const theirs = Object.fromEntries(
      Object.entries(expected).map(([name, value]) => [
        name,
        typeof value === "string" ? "MlflowValidationError" : value,
      ]),
    );
    expect(ours).toEqual(theirs);
    expect(ours.plain).toEqual(["ann", "pa55"]);
    expect(Object.values(ours).filter((value) => typeof value === "string")).toHaveLength(6);
  });

  it("is none of our business where there is none", () => {
    expect(readCredentialsFile(path.join(homeWith(), ".mlflow", "credentials"))).toEqual({});
  });
});
