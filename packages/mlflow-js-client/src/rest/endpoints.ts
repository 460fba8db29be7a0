import { MlflowError } from "../errors.js";
import { refuse, refuseType, shown } from "../messages.js";
import type { Transport } from "../transport.js";
import type { KeyValue } from "../types.js";

const api = "/api/2.0/mlflow";

/** The tag by which a thing is found again when the answer to its making was lost. MLflow's page shows no tags "mlflow.". */
export const creationKeyTag = "mlflow.jsClient.key";

type Answer = Record<string, unknown>;

export interface Page<T> {
  items: T[];
  next: string | undefined;
}

/** What all nouns of the REST interface share: requests, and repeating them without doing a thing twice. */
export abstract class Endpoints {
  readonly transport: Transport;

  constructor(transport: Transport) {
    this.transport = transport;
  }

  /**
   * The server's version, such as "3.17.2" (`GET /version`).
   * @throws MlflowError
   */
  async version(): Promise<string> {
    return (await this.transport.request("GET", "/version")).text.trim();
  }

  /** `query`: undefined values are left out, lists repeat their name. */
  protected get<T = Answer>(
    path: string,
    query: Record<string, string | number | boolean | readonly string[] | undefined> = {},
  ): Promise<T> {
    const parameters = new URLSearchParams();
    for (const [name, value] of Object.entries(query))
      for (const one of Array.isArray(value) ? value : [value])
        if (one !== undefined) parameters.append(name, String(one));
    return this.transport.json<T>("GET", `${api}/${path}${parameters.size > 0 ? `?${parameters}` : ""}`);
  }

  /** For requests that may arrive twice. */
  protected post<T = Answer>(path: string, json: unknown): Promise<T> {
    return this.transport.json<T>("POST", `${api}/${path}`, { json });
  }

  /** As `post`, by another method. */
  protected send<T = Answer>(method: "PATCH" | "DELETE", path: string, json: unknown): Promise<T> {
    return this.transport.json<T>(method, `${api}/${path}`, { json });
  }

  /** For requests that must not arrive twice: sent once, the caller looks what became of it. */
  protected postOnce<T = Answer>(path: string, json: unknown): Promise<T> {
    return this.transport.json<T>("POST", `${api}/${path}`, { json, retry: false });
  }

  /**
   * Makes a thing that the server would make twice: when no answer came, it is looked for before it is made again.
   * `attempt` counts from 1.
   */
  protected async madeOnce<T>(
    look: (attempt: number) => Promise<T | undefined>,
    make: (attempt: number) => Promise<T>,
  ): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      const existing = await look(attempt);
      if (existing !== undefined) return existing;
      try {
        return await make(attempt);
      } catch (error) {
        await this.transport.pauseAfter(attempt, error);
      }
    }
  }

  /**
   * A request after which the thing that it names is gone: after a lost answer, "there is none" means that it went well.
   * Undefined then.
   */
  protected async takenAway<T = Answer>(
    method: "POST" | "DELETE",
    path: string,
    json: unknown,
  ): Promise<T | undefined> {
    for (let attempt = 1; ; attempt++)
      try {
        return await this.transport.json<T>(method, `${api}/${path}`, { json, retry: false });
      } catch (error) {
        if (attempt > 1 && error instanceof MlflowError && error.code === "RESOURCE_DOES_NOT_EXIST") return undefined;
        await this.transport.pauseAfter(attempt, error);
      }
  }

  /** What `act` gives; undefined where the server says that there is no such thing. */
  protected async ifThere<T>(act: () => Promise<T>): Promise<T | undefined> {
    try {
      return await act();
    } catch (error) {
      if (error instanceof MlflowError && error.code === "RESOURCE_DOES_NOT_EXIST") return undefined;
      throw error;
    }
  }

  /** Says of an endpoint that this server does not have from which version on there is one. */
  protected async since<T>(version: string, what: string, act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof MlflowError) || !missing(error)) throw error;
      const here = await this.version().catch(() => "");
      if (!isOlder(here, version)) throw error;
      throw new MlflowError(
        `this server is MLflow ${here}: ${what} are there from MLflow ${version} on (${error.message})`,
        error.status,
        "NOT_SUPPORTED",
      );
    }
  }

  /**
   * Reads page after page, until there is none, `maximum` is reached, or the server repeats a token (versions 3.4 to 3.13
   * do, for ever). `read` is given the size of the page and the token.
   */
  protected async *pages<T>(
    maximum: number | undefined,
    pageSize: number,
    read: (size: number, token: string | undefined) => Promise<Page<T>>,
  ): AsyncGenerator<T, void, void> {
    if (maximum !== undefined && !(Number.isSafeInteger(maximum) && maximum >= 1)) {
      if (typeof maximum !== "number") refuseType("maximum", maximum, "a whole number from 1 on");
      refuse("maximum", `${shown(maximum)} must be a whole number from 1 on; leave it out for all`);
    }
    let left = maximum ?? Number.POSITIVE_INFINITY;
    const size = Math.min(left, pageSize);
    const seen = new Set<string>();
    for (let token: string | undefined; ; ) {
      const { items, next } = await read(size, token);
      for (const item of items) {
        yield item;
        if (--left === 0) return;
      }
      if (!next || seen.has(next)) return;
      seen.add(next);
      token = next;
    }
  }
}

/** Whether the address itself is unknown to the server, not the thing that it names. */
function missing(error: MlflowError): boolean {
  return (error.status === 404 || error.status === 405) && error.code !== "RESOURCE_DOES_NOT_EXIST";
}

/** Whether a version such as "2.22.0" is below one such as "3.0". False for what is no version. */
function isOlder(version: string, than: string): boolean {
  const [major, minor] = /^\d+\.\d+/.exec(version)?.[0].split(".").map(Number) ?? [];
  const [thanMajor, thanMinor] = than.split(".").map(Number) as [number, number];
  if (major === undefined || minor === undefined) return false;
  return major < thanMajor || (major === thanMajor && minor < thanMinor);
}

/** Whether a thing with these tags was made with that key. */
export function isMadeWith(key: string, tags: readonly KeyValue[]): boolean {
  return tags.some((tag) => tag.key === creationKeyTag && tag.value === key);
}

/** All that a generator gives. */
export async function collected<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
