import { type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { UserError } from "../../userError.js";
import { Unreachable } from "./engine.js";

/** A job as Ray's Jobs API tells of it. */
export interface RayJob {
  status: "PENDING" | "RUNNING" | "STOPPED" | "SUCCEEDED" | "FAILED";
  message?: string | null;
  /** Of its driver: where that runs, and as what, once it is connected. */
  driver_info?: { node_ip_address: string; pid: string } | null;
  driver_exit_code?: number | null;
}

/** What the Jobs API is given of a job. */
export interface RayJobRequest {
  submission_id: string;
  /** For a shell on the head. */
  entrypoint: string;
  metadata: Record<string, string>;
}

/** A machine of a cluster, or what its state API tells of it. */
export interface RayNode {
  node_id: string;
  node_ip: string;
  node_name: string;
  state: "ALIVE" | "DEAD";
  /** "CPU" is missing where a node is to carry out nothing. */
  resources_total: Record<string, number>;
}

/** What a server says that is not Ray's dashboard. */
export class NotRay extends Error {}

/** An answer takes no longer from a dashboard that is well; submitting waits for the head's agent too. */
const PATIENCE = { askMs: 15_000, submitMs: 40_000 };
/** Bytes of an answer. A job's message and all nodes of a large cluster are shorter. */
const LONGEST = 2 ** 26;

/**
 * The parts of Ray's dashboard that a submission needs (`ray/dashboard/modules/job/job_head.py`, `modules/state/state_head.py`). By node:http:
 * the dashboard takes what comes with `sec-fetch-mode`, as `fetch` sends it, for a browser, and answers 405.
 *
 * Each method throws Unreachable where nobody answers or the dashboard is not well, NotRay where somebody else answers, and UserError where
 * the token is missing or wrong.
 */
export class RayJobs {
  readonly address: string;
  private readonly token: string | undefined;
  private readonly patience: typeof PATIENCE;

  /** @param address such as "http://127.0.0.1:8265" @param token what RAY_AUTH_TOKEN holds; told to the dashboard alone */
  constructor(address: string, token?: string, patience = PATIENCE) {
    this.address = address;
    this.token = token;
    this.patience = patience;
  }

  /** Such as "2.60.0". */
  async version(): Promise<string> {
    const { ray_version } = await this.ask<{ ray_version?: unknown }>("GET", "/api/version");
    if (typeof ray_version !== "string") throw new NotRay("its /api/version names no version of Ray");
    return ray_version;
  }

  /** Those that were there once too. */
  async nodes(): Promise<RayNode[]> {
    const answer = await this.ask<{ data?: { result?: { result?: RayNode[] } } }>("GET", "/api/v0/nodes?limit=10000");
    const nodes = answer.data?.result?.result;
    if (!Array.isArray(nodes)) throw new NotRay("its /api/v0/nodes names no nodes");
    return nodes;
  }

  /** Throws UserError with what Ray says where it refuses the job. One that was handed over before is not handed over again. */
  async submit(job: RayJobRequest): Promise<void> {
    let answer: { status: number; text: string };
    try {
      answer = await this.send("POST", "/api/jobs/", this.patience.submitMs, JSON.stringify(job));
    } catch (error) {
      // It may have arrived all the same.
      if (error instanceof Unreachable && (await this.job(job.submission_id).catch(() => undefined))) return;
      throw error;
    }
    const { status, text } = answer;
    if (status === 200 || text.includes(`${job.submission_id} already exists`)) return;
    throw new UserError(`Ray refuses the runs (${status}): ${lastWords(text)}`, 1);
  }

  /** Undefined where Ray does not know it: never submitted, deleted, or its head was started anew. */
  async job(id: string): Promise<RayJob | undefined> {
    const { status, text } = await this.send("GET", `/api/jobs/${encodeURIComponent(id)}`, this.patience.askMs);
    if (status === 404 && text.includes("does not exist")) return undefined;
    const job = this.read<RayJob>(status, text);
    if (typeof job.status !== "string") throw new NotRay("it tells of jobs as Ray does not");
    return job;
  }

  /** Asks a job to end. One that has ended, or is not known, stays as it is. */
  async stop(id: string): Promise<void> {
    const { status, text } = await this.send("POST", `/api/jobs/${encodeURIComponent(id)}/stop`, this.patience.askMs);
    if (status !== 404) this.read(status, text);
  }

  private async ask<T>(method: "GET", path: string): Promise<T> {
    const { status, text } = await this.send(method, path, this.patience.askMs);
    return this.read<T>(status, text);
  }

  private read<T>(status: number, text: string): T {
    if (status >= 500) throw new Unreachable(`${this.address} answers ${status}: ${lastWords(text)}`);
    if (status !== 200) throw new NotRay(`it answers ${status}`);
    try {
      const value = JSON.parse(text) as T;
      if (typeof value === "object" && value !== null) return value;
    } catch {
      // Said below.
    }
    throw new NotRay("it answers with something else than a JSON object");
  }

  private async send(
    method: "GET" | "POST",
    path: string,
    patienceMs: number,
    body?: string,
  ): Promise<{ status: number; text: string }> {
    const url = new URL(this.address + path);
    const headers = {
      ...(this.token && { authorization: `Bearer ${this.token}` }),
      ...(body !== undefined && { "content-type": "application/json", "content-length": Buffer.byteLength(body) }),
    };
    const request = url.protocol === "https:" ? requestHttps : requestHttp;
    let answer: { status: number; text: string };
    try {
      const signal = AbortSignal.timeout(patienceMs);
      answer = await new Promise((resolve, reject) => {
        // No connection is kept: a program that has asked what it wanted is to end.
        const sent = request(url, { method, headers, agent: false, signal }, (response) => {
          textOf(response).then((text) => resolve({ status: response.statusCode!, text }), reject);
        });
        sent.on("error", reject);
        sent.end(body);
      });
    } catch (error) {
      const { code, message, name } = error as NodeJS.ErrnoException;
      const why = name === "AbortError" || name === "TimeoutError" ? `nothing within ${patienceMs / 1000} s` : code || message; // biome-ignore format: one choice
      throw new Unreachable(`${this.address}: ${why}`);
    }
    if (answer.status === 401 || answer.status === 403)
      throw new UserError(
        this.token
          ? `Ray at ${this.address} refuses the token in RAY_AUTH_TOKEN (${answer.status}): it must be the one that the cluster was started with`
          : `Ray at ${this.address} wants a token (${answer.status}): set RAY_AUTH_TOKEN to the one that the cluster was started with`,
        1,
      );
    return answer;
  }
}

async function textOf(response: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    bytes += part.byteLength;
    if (bytes > LONGEST) throw new Error(`an answer of more than ${LONGEST} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString();
}

/** The last line that says something: Ray answers with the whole course of an error in Python. */
export function lastWords(text: string): string {
  const lines = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => /\w/.test(line));
  return (lines.at(-1) ?? "nothing").slice(0, 300);
}
