import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Unreachable } from "../../../src/suite/placement/engine.js";
import { lastWords, NotRay, RayJobs } from "../../../src/suite/placement/rayJobs.js";
import { UserError } from "../../../src/userError.js";
import { RayDashboard } from "./rayDashboard.js";

const TOKEN = "a-token-that-nobody-may-read-anywhere";
const JOB = { submission_id: "auscult-1", entrypoint: "true", metadata: {} };

let dashboard: RayDashboard;
let address: string;
beforeEach(async () => {
  dashboard = new RayDashboard();
  address = await dashboard.start();
});
afterEach(() => dashboard.stop());

/** What a promise is rejected with. */
const failure = (promise: Promise<unknown>): Promise<Error> =>
  promise.then(
    (value) => Promise.reject(new Error(`it answered ${JSON.stringify(value)}`)),
    (error: Error) => error,
  );

describe("Ray's Jobs API", () => {
  test("version, nodes, a job from its submission to its stop", async () => {
    const jobs = new RayJobs(address);
    expect(await jobs.version()).toBe("2.60.0");
    expect((await jobs.nodes()).map(({ node_ip, resources_total }) => [node_ip, resources_total.CPU])).toEqual([
      ["192.0.2.2", 2],
    ]);
    expect(await jobs.job("auscult-1")).toBeUndefined();
    await jobs.submit(JOB);
    expect(await jobs.job("auscult-1")).toMatchObject({ status: "RUNNING", entrypoint: "true" });
    await jobs.stop("auscult-1");
    await jobs.stop("auscult-2");
    expect(dashboard.stopped).toEqual(["auscult-1"]);
  });

  test("the token goes along, and stands in no message", async () => {
    dashboard.token = TOKEN;
    expect(await new RayJobs(address, TOKEN).version()).toBe("2.60.0");
    const none = await failure(new RayJobs(address).version());
    expect(none).toBeInstanceOf(UserError);
    expect(none.message).toMatch(/wants a token \(401\): set RAY_AUTH_TOKEN/);
    dashboard.token = "another";
    const wrong = await failure(new RayJobs(address, TOKEN).submit(JOB));
    expect(wrong).toBeInstanceOf(UserError);
    expect(wrong.message).toMatch(/refuses the token in RAY_AUTH_TOKEN \(403\)/);
    expect(wrong.message).not.toContain(TOKEN);
  });

  test("an answer that is lost on the way is no reason to submit again", async () => {
    dashboard.losesAnswers = true;
    await new RayJobs(address).submit(JOB);
    dashboard.losesAnswers = false;
    await new RayJobs(address).submit(JOB);
    expect([...dashboard.jobs.keys()]).toEqual(["auscult-1"]);
  });

  test("what Ray refuses is told in its last words", async () => {
    dashboard.before = (_, response) => {
      response.writeHead(500).end("Traceback:\n  File x\nValueError: runtime_env is not for you.\n.\n");
      return true;
    };
    const refused = await failure(new RayJobs(address).submit(JOB));
    expect(refused).toBeInstanceOf(UserError);
    expect(refused.message).toBe("Ray refuses the runs (500): ValueError: runtime_env is not for you.");
  });

  test("nobody, somebody silent, somebody cut off and a dashboard that is not well are unreachable", async () => {
    const here = new RayJobs(address, undefined, { askMs: 100, submitMs: 100 });
    dashboard.before = (_, response) => {
      response.writeHead(503).end("upstream\n");
      return true;
    };
    expect((await failure(here.job("x"))).message).toBe(`${address} answers 503: upstream`);
    expect(await failure(here.job("x"))).toBeInstanceOf(Unreachable);
    dashboard.before = () => true;
    const silent = await failure(here.job("x"));
    expect(silent).toBeInstanceOf(Unreachable);
    expect(silent.message).toContain("nothing within 0.1 s");
    dashboard.before = (_, response) => {
      response.writeHead(200, { "content-length": 1000 }).write('{"status"');
      setTimeout(() => response.destroy(), 20);
      return true;
    };
    expect(await failure(here.job("x"))).toBeInstanceOf(Unreachable);
    await dashboard.stop();
    const nobody = await failure(here.job("x"));
    expect(nobody).toBeInstanceOf(Unreachable);
    expect(nobody.message).toBe(`${address}: ECONNREFUSED`);
    await dashboard.start();
  });

  test.each([
    ["an MLflow server's 404", 404, '{"error_code": "NOT_FOUND"}', /answers 404/],
    ["a page", 200, "<html></html>", /something else than a JSON object/],
    ["another server's JSON", 200, '{"version": "3.17.2"}', /names no version of Ray/],
    ["a redirection to a login", 302, "", /answers 302/],
  ])("%s is not taken for Ray", async (_, status, words, says) => {
    dashboard.before = (_, response) => {
      response.writeHead(status).end(words);
      return true;
    };
    const error = await failure(new RayJobs(address).version());
    expect(error).toBeInstanceOf(NotRay);
    expect(error.message).toMatch(says);
  });

  test("last words", () => {
    expect(lastWords("a\nb: c\n.\n\n")).toBe("b: c");
    expect(lastWords("")).toBe("nothing");
  });
});
