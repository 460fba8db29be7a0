import { describe, expect, it } from "vitest";
import { describeTracking, requireReachableTracking } from "../../../src/suite/placement/trackingReach.js";
import { UserError } from "../../../src/userError.js";

const remote = { remote: true, examples: ["node-7", "node-8"] };

/** What is refused, in full; "" where nothing is. */
function refusal(uri: string | undefined, nodes = remote, on: "slurm" | "ray" = "slurm"): string {
  try {
    requireReachableTracking(uri, nodes, on);
    return "";
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    return (error as Error).message;
  }
}

describe("runs on other machines", () => {
  it.each([
    "http://127.0.0.1:5000",
    "http://127.8.9.10:5000",
    "http://127.1:5000", // short for 127.0.0.1
    "http://2130706433:5000", // 127 * 2^24 + 1
    "http://0x7f.0.0.1:5000",
    "http://localhost:5000",
    "https://LOCALHOST",
    "http://localhost.:5000",
    "http://mlflow.localhost:5000",
    "http://localhost.localdomain:5000",
    "http://ip6-loopback:5000",
    "http://[::1]:5000",
    "http://[0:0:0:0:0:0:0:1]:5000",
    "http://[::ffff:127.0.0.1]:5000",
    "http://0.0.0.0:5000",
    "http://0:5000",
    "http://[::]:5000",
    "http://user:secret@127.0.0.1:5000/mlflow",
  ])("do not reach %s", (uri) => expect(refusal(uri)).toContain("takes "));

  it.each([
    "http://login-1:5000",
    "http://mlflow.example.org",
    "https://mlflow.example.org/tracking",
    "http://localhost.example.org:5000",
    "http://notlocalhost:5000",
    "http://10.0.0.7:5000",
    "http://126.255.255.255:5000",
    "http://128.0.0.1:5000",
    "http://1.127.0.1:5000",
    "http://[fd00::1]:5000",
    "http://[2001:db8::1]:5000",
    "http://[::ffff:10.0.0.7]:5000",
    "http://user:secret@login-1:5000",
  ])("may reach %s", (uri) => expect(refusal(uri)).toBe(""));

  it.each([undefined, ""])("do not reach the local server (%j)", (uri) =>
    expect(refusal(uri)).toContain("MLFLOW_TRACKING_URI is not set: Slurm carries out runs on other machines (node-7)"),
  );

  it("are refused with what to do, and without secrets", () => {
    const message = refusal("http://user:secret@127.0.0.1:5001", { remote: true, examples: [] }, "ray");
    expect(message.split("\n")).toEqual([
      "MLFLOW_TRACKING_URI=http://127.0.0.1:5001: Ray carries out runs on other machines, and each of them takes 127.0.0.1 for itself.",
      expect.any(String),
      expect.stringMatching(/mlflow server --host 0\.0\.0\.0 --port 5001 --allowed-hosts NAME:5001 /),
      "  export MLFLOW_TRACKING_URI=http://NAME:5001",
      expect.stringContaining("--app-name basic-auth"),
    ]);
    expect(message).not.toMatch(/user|secret/);
  });
});

it.each([undefined, "http://127.0.0.1:5000", "http://login-1:5000"])("runs on this machine may use %s", (uri) =>
  expect(refusal(uri, { remote: false, examples: [] })).toBe(""),
);

it.each([
  ["file:///shared/mlruns", '"file:" stores cannot be reached from here; start "mlflow server"'],
  ["sqlite:////shared/mlflow.db", '"sqlite:" stores cannot be reached'],
  ["databricks", "it is not an address"],
  ["http://login-1:5000?x=1", "it holds a query"],
])("refuses %s wherever runs are", (uri, why) => {
  for (const nodes of [remote, { remote: false, examples: [] }]) {
    expect(refusal(uri, nodes)).toMatch(/^MLFLOW_TRACKING_URI: /);
    expect(refusal(uri, nodes)).toContain(why);
  }
  expect(() => describeTracking(uri)).toThrow(why);
});

describe("in a plan", () => {
  it.each([
    ["http://login-1:5000", "http://login-1:5000"],
    ["https://user:secret@mlflow.example.org/tracking/", "https://mlflow.example.org/tracking"],
    ["http://token@login-1:5000", "http://login-1:5000"],
  ])("%s is %s", (uri, words) => expect(describeTracking(uri)).toBe(words));

  it("no address is the local server", () => expect(describeTracking(undefined)).toContain("the local server"));
});
