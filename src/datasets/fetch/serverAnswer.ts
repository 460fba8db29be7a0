import { Passing, Refused } from "./failures.js";

/** How a server names the version of a file; enough to tell on a later call whether it still has the same. */
export interface Validators {
  etag?: string;
  lastModified?: string;
}

export function validatorsOf(headers: Headers): Validators {
  // A content encoding is undone on the way, so byte positions mean something else: nothing to resume by.
  if (/[^\s,]/.test((headers.get("content-encoding") ?? "").replace(/identity/gi, ""))) return {};
  const etag = headers.get("etag") ?? undefined;
  const lastModified = headers.get("last-modified") ?? undefined;
  return { ...(etag && { etag }), ...(lastModified && { lastModified }) };
}

/** The value for If-Range: a strong ETag, else the date (RFC 9110, 13.1.5); undefined where there is neither. */
export function ifRange({ etag, lastModified }: Validators): string | undefined {
  return etag !== undefined && !etag.startsWith("W/") ? etag : lastModified;
}

/** Whether two answers can be of the same file, by what both of them state. */
export function sameVersion(before: Validators, now: Validators): boolean {
  const same = (a: string | undefined, b: string | undefined) => a === undefined || b === undefined || a === b;
  return same(before.etag, now.etag) && same(before.lastModified, now.lastModified);
}

/** Content-Range of a 206 or 416 answer: bytes from `start`, of `total` (undefined for a total that is not stated). */
export function contentRange(headers: Headers): { start?: number; total?: number } {
  const [, start, total] = /^bytes (?:(\d+)-\d+|\*)\/(\d+|\*)$/i.exec(headers.get("content-range") ?? "") ?? [];
  return {
    ...(start !== undefined && { start: Number(start) }),
    ...(total !== undefined && total !== "*" && { total: Number(total) }),
  };
}

/** Bytes of the whole file, where a 200 answer states them truly. */
export function statedLength(headers: Headers): number | undefined {
  const length = headers.get("content-length");
  return length !== null && /^\d+$/.test(length) && !headers.get("content-encoding") ? Number(length) : undefined;
}

/** The failure that a status other than 200, 206 and 416 stands for. */
export function statusFailure(response: Response, now = Date.now()): Refused | Passing {
  const what = `the server answered ${response.status}${response.statusText ? ` ${response.statusText}` : ""}`;
  if (![408, 425, 429].includes(response.status) && response.status < 500) return new Refused(what);
  const after = response.headers.get("retry-after") ?? "";
  const waitMs = /^\d+$/.test(after) ? Number(after) * 1000 : Date.parse(after) - now;
  return new Passing(what, Number.isFinite(waitMs) ? Math.min(Math.max(waitMs, 0), 120_000) : undefined);
}

/**
 * A web page where a file should come: an error or a log-in page that is sent as if all were well.
 * @param start first bytes of the content
 */
export function isWebPage(headers: Headers, start: Uint8Array): boolean {
  if (/^\s*(text\/html|application\/xhtml)/i.test(headers.get("content-type") ?? "")) return true;
  return /^\s*<(!doctype html|html|head|body)\b/i.test(Buffer.from(start.subarray(0, 200)).toString("latin1"));
}
