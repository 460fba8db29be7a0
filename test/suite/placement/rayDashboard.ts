import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { RayJob, RayNode } from "../../../src/suite/placement/rayJobs.js";

/**
 * Answers as the dashboard of Ray 2.60 was seen to: its words, codes and the shape of its JSON are copied from answers of a head with two
 * workers; the token from one that was started with RAY_AUTH_MODE=token.
 */
export class RayDashboard {
  version = "2.60.0";
  token: string | undefined;
  nodes: RayNode[] = [node("192.0.2.2", 2)];
  readonly jobs = new Map<string, RayJob & { entrypoint: string }>();
  readonly stopped: string[] = [];
  /** What a job becomes at once. */
  begins: RayJob = { status: "RUNNING", message: "Job is currently running." };
  /** Called with each request before it is answered; one that answers true has answered, or never will. */
  before: (request: IncomingMessage, response: ServerResponse) => boolean = () => false;
  /** Whether the answer to a job that was handed over is lost on the way. */
  losesAnswers = false;
  private readonly server = createServer((request, response) => void this.answer(request, response));

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = "";
    for await (const part of request) body += part;
    const text = (status: number, words: string) => {
      response.writeHead(status, { "content-type": "text/plain; charset=utf-8" }).end(words);
    };
    const json = (value: object) => {
      response.writeHead(200, { "content-type": "application/json; charset=utf-8" }).end(JSON.stringify(value));
    };
    if (this.before(request, response)) return;
    const { pathname } = new URL(request.url!, "http://x");
    const isBrowser = request.headers["sec-fetch-mode"] !== undefined;
    if (isBrowser && request.method !== "GET") return text(405, "Method Not Allowed for browser traffic.");
    const { authorization } = request.headers;
    if (this.token && !authorization) return text(401, "Unauthorized: Missing authentication token");
    if (this.token && authorization !== `Bearer ${this.token}`)
      return text(403, "Forbidden: Invalid authentication token");
    const session_name = "session_2026-11-22_23-54-36_902667_20736";
    if (pathname === "/api/version") return json({ version: "4", ray_version: this.version, session_name });
    if (pathname === "/api/v0/nodes") {
      const result = { total: this.nodes.length, result: this.nodes, partial_failure_warning: "", warnings: null };
      return json({ result: true, msg: "", data: { result } });
    }
    if (pathname === "/api/jobs/" && request.method === "POST") {
      const { submission_id, entrypoint } = JSON.parse(body) as { submission_id: string; entrypoint: string };
      if (this.jobs.has(submission_id)) return text(500, alreadyExists(submission_id));
      this.jobs.set(submission_id, { ...this.begins, entrypoint });
      if (this.losesAnswers) return void request.socket.destroy();
      return json({ job_id: submission_id, submission_id });
    }
    const [, id, stop] = /^\/api\/jobs\/([^/]+)(\/stop)?$/.exec(pathname) ?? [];
    const job = id === undefined ? undefined : this.jobs.get(id);
    if (!job) return text(404, `Job ${id} does not exist`);
    if (!stop) return json({ type: "SUBMISSION", job_id: null, submission_id: id, driver_info: null, ...job });
    this.stopped.push(id!);
    json({ stopped: job.status === "RUNNING" });
  }
}

export function node(ip: string, processors: number | undefined, state: RayNode["state"] = "ALIVE"): RayNode {
  const total = { object_store_memory: 80000000, memory: 24619748352, [`node:${ip}`]: 1 };
  return {
    node_id: "cc6f45cc148bb94469a95e2ca4c4825455a7f9c9d1ee236de63bcb86",
    ...{ node_ip: ip, node_name: ip, state },
    resources_total: processors === undefined ? total : { ...total, CPU: processors },
  };
}

function alreadyExists(id: string): string {
  return `Traceback (most recent call last):
  File "/ray/dashboard/modules/job/job_head.py", line 419, in submit_job
    resp = await job_agent_client.submit_job_internal(submit_request)
RuntimeError: Request failed with status code 400: Traceback (most recent call last):
  File "/ray/dashboard/modules/job/job_manager.py", line 553, in submit_job
    raise ValueError(
ValueError: Job with submission_id ${id} already exists. Please use a different submission_id.
.
`;
}
