import { inspect } from "node:util";
import { chooseCredentials } from "./credentials.js";
import { MlflowValidationError } from "./errors.js";

/** Where a tracking server is and how to be let in. What this package makes prints itself without its secrets; a copy by `{...}` does not. */
export interface Connection {
  /** `http://...` or `https://...`, without credentials and without a final slash. */
  uri: string;
  /** Basic authentication, before a token. */
  username?: string;
  password?: string;
  /** Sent as `Authorization: Bearer`. */
  token?: string;
  /** The workspace of a server that has several. */
  workspace?: string;
  /** How long a server may be silent, in milliseconds; 120,000 unless given. */
  timeoutMs?: number;
  /** How often a request that may be repeated is repeated. */
  maxRetries?: number;
  /** The first pause before a repetition, in milliseconds; each later one is twice as long, at most 120,000. */
  backoffMs?: number;
  /** The most that is added to a pause at random, in milliseconds. */
  backoffJitterMs?: number;
  /** Whether to wait as long as a server's `Retry-After` asks; true unless said otherwise. */
  respectRetryAfter?: boolean;
  /** A PEM file, or a folder of them, with the certificate authorities to trust instead of the usual ones. */
  serverCertPath?: string;
  /** A PEM file with the certificate and the private key by which this client shows who it is. */
  clientCertPath?: string;
  /** Trusts any certificate. For trials only. */
  insecureTls?: boolean;
}

/** A connection that shows no secret when it is printed or turned into JSON. */
class DiscreetConnection {
  declare uri: string;

  constructor(connection: Connection) {
    for (const [key, value] of Object.entries(connection))
      if (value !== undefined) Object.assign(this, { [key]: value });
  }

  toJSON(): Record<string, unknown> {
    const hidden = Object.entries(this).map(([key, value]) => [key, /^(password|token)$/.test(key) ? "***" : value]);
    return Object.fromEntries(hidden);
  }

  [inspect.custom](): Record<string, unknown> {
    return this.toJSON();
  }
}

/** Takes an address apart: credentials in it are kept beside it. Throws `MlflowValidationError` for anything but http(s). */
export function parseTrackingUri(uri: string): Connection {
  const refuse = (why: string): never => {
    throw new MlflowValidationError("tracking address", why);
  };
  let url: URL;
  try {
    url = new URL(uri);
  } catch {
    return refuse("it is not an address; right is such as http://127.0.0.1:5000");
  }
  if (url.protocol !== "http:" && url.protocol !== "https:")
    refuse(
      `"${url.protocol}" stores cannot be reached from here; start "mlflow server" over the store and give its http address`,
    );
  if (url.search !== "") refuse('it holds a query ("?..."), which no request would carry: take it away');
  const decoded = (part: string): string | undefined => {
    try {
      return part === "" ? undefined : decodeURIComponent(part);
    } catch {
      return refuse('the credentials in it hold a "%" that is no encoded character: write it "%25"');
    }
  };
  return new DiscreetConnection({
    uri: `${url.protocol}//${url.host}${url.pathname.replace(/\/+$/, "")}`,
    username: decoded(url.username),
    password: decoded(url.password),
  });
}

/**
 * The connection that the variables and the credentials file of MLflow's Python client describe (the README lists them).
 * Throws `MlflowValidationError` when no address is given, and for values that are wrong, contradict each other, or ask for
 * what this client cannot do.
 */
export function connectionFromEnvironment(
  environment: Record<string, string | undefined> = process.env,
  uri = environment.MLFLOW_TRACKING_URI,
): Connection {
  if (!uri)
    throw new MlflowValidationError("MLFLOW_TRACKING_URI", "it is not set; right is such as http://127.0.0.1:5000");
  for (const [variable, what] of [
    ["MLFLOW_TRACKING_AUTH", "authentication by a plug-in of MLflow's Python client"],
    ["MLFLOW_TRACKING_AWS_SIGV4", "requests that are signed for AWS"],
  ] as const)
    if (!/^(false|0)?$/i.test(environment[variable] ?? ""))
      throw new MlflowValidationError(variable, `${what} cannot be done here; a name and password, or a token can`);
  const parsed = parseTrackingUri(uri);
  const serverCertPath = environment.MLFLOW_TRACKING_SERVER_CERT_PATH || undefined;
  const insecureTls = truth(environment, "MLFLOW_TRACKING_INSECURE_TLS");
  if (insecureTls && serverCertPath !== undefined)
    throw new MlflowValidationError(
      "MLFLOW_TRACKING_INSECURE_TLS",
      "MLFLOW_TRACKING_SERVER_CERT_PATH is given as well: either a certificate is checked or it is not, take one away",
    );
  const { username, password, token } = chooseCredentials(parsed, environment);
  const milliseconds = (value: number | undefined) => (value === undefined ? undefined : value * 1000);
  return new DiscreetConnection({
    uri: parsed.uri,
    username,
    password,
    token,
    workspace: environment.MLFLOW_WORKSPACE?.trim() || undefined,
    timeoutMs: milliseconds(quantity(environment, "MLFLOW_HTTP_REQUEST_TIMEOUT", 0.001, 86_400)),
    maxRetries: quantity(environment, "MLFLOW_HTTP_REQUEST_MAX_RETRIES", 0, 10, true),
    backoffMs: milliseconds(quantity(environment, "MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR", 0, 120)),
    backoffJitterMs: milliseconds(quantity(environment, "MLFLOW_HTTP_REQUEST_BACKOFF_JITTER", 0, 120)),
    respectRetryAfter: truth(environment, "MLFLOW_HTTP_RESPECT_RETRY_AFTER_HEADER"),
    serverCertPath,
    clientCertPath: environment.MLFLOW_TRACKING_CLIENT_CERT_PATH || undefined,
    insecureTls,
  });
}

function quantity(
  environment: Record<string, string | undefined>,
  variable: string,
  least: number,
  most: number,
  whole = false,
): number | undefined {
  const text = environment[variable]?.trim();
  if (!text) return undefined;
  const value = Number(text);
  if (value >= least && value <= most && (!whole || Number.isInteger(value))) return value;
  const right = `a ${whole ? "whole " : ""}number from ${least} to ${most}`;
  throw new MlflowValidationError(variable, `"${text.slice(0, 40)}" must be ${right}`);
}

function truth(environment: Record<string, string | undefined>, variable: string): boolean | undefined {
  const text = environment[variable];
  if (!text) return undefined;
  if (/^(true|1)$/i.test(text)) return true;
  if (/^(false|0)$/i.test(text)) return false;
  throw new MlflowValidationError(variable, `"${text.slice(0, 40)}" must be true, false, 1 or 0`);
}
