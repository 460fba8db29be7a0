import type { IncomingHttpHeaders } from "node:http";
import { MlflowError } from "./errors.js";
import type { ExchangeFailure } from "./exchangeFailure.js";
import { tlsReason } from "./tls.js";

type Redact = (text: string) => string;

/** What some of Node's codes mean. */
const meanings: Record<string, string> = {
  ECONNREFUSED: "nothing listens there",
  ECONNRESET: "the connection was closed before the answer was complete",
  EPIPE: "the connection was closed before the request was complete",
  ENOTFOUND: "there is no such host",
  EAI_AGAIN: "the name of the host could not be looked up",
  EHOSTUNREACH: "there is no way to that host",
  ENETUNREACH: "there is no way to that network",
};

/** The error for an answer that is no success. */
export function answerError(
  request: string,
  answer: { status: number; text: string; headers: IncomingHttpHeaders },
  redact: Redact,
  retryAfterMs?: number,
): MlflowError {
  const { status, text, headers } = answer;
  const { code, message } = spoken(text);
  const said = plain(redact(message ?? "")) || (headers.location === undefined ? "no reason given" : "");
  const onward =
    status >= 300 && status < 400 && headers.location !== undefined ? redirect(redact(headers.location)) : "";
  return new MlflowError(`${request}: ${said}${onward} (${status})`, status, code ?? `HTTP_${status}`, retryAfterMs);
}

/** The error for an answer that should be JSON: truncated, or the page of something in between. */
export function notJsonError(request: string, text: string, redact: Redact): MlflowError {
  return new MlflowError(
    `${request}: the answer is not a JSON object: ${plain(redact(text)) || "it is empty"}`,
    200,
    "NOT_JSON",
  );
}

/** The error for a request that was not answered. */
export function networkError(request: string, failure: ExchangeFailure, redact: Redact): MlflowError {
  const { code, message } = failure;
  const untrusted = tlsReason(code);
  const why = untrusted ?? (meanings[code] ? `${code} (${meanings[code]})` : redact(message));
  const known = ["TIMEOUT", "ABORTED", "FILE_CHANGED"].includes(code) ? code : "UNREACHABLE";
  return new MlflowError(`${request}: ${why}`, 0, untrusted === undefined ? known : "TLS");
}

/** MLflow's code and message; the whole text of an answer that is not MLflow's. */
function spoken(text: string): { code?: string; message?: string } {
  try {
    const parsed = JSON.parse(text) as { error_code?: unknown; message?: unknown } | null;
    const field = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);
    const code = field(parsed?.error_code);
    const message = field(parsed?.message);
    if (code !== undefined || message !== undefined) return { code, message };
  } catch {
    // Errors are not always JSON: the text is used instead.
  }
  return { message: text };
}

/** Where a redirect leads, without its query, which may be a key to something. */
function redirect(location: string): string {
  const place = location.replace(/[?#].*$/s, "");
  return `redirects are not followed, this one leads to ${place}: is the tracking address right?`;
}

/** A text without markup, on one line, at most 300 characters. */
function plain(text: string): string {
  const line = text
    .replace(/<(style|script)[\s\S]*?<\/\1>/gi, " ")
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ")
    .trim();
  return line.length > 300 ? `${line.slice(0, 297)}...` : line;
}
