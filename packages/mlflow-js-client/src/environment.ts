import { MlflowValidationError } from "./errors.js";

/** Where a tracking server is and how to be let in. */
export interface Connection {
  /** `http://...` or `https://...`, without credentials and without a final slash. */
  uri: string;
  username?: string;
  password?: string;
  token?: string;
  /** Milliseconds that one request may take. */
  timeoutMs?: number;
}

/** Takes an address apart: credentials in it are kept beside it. Throws `MlflowValidationError` for anything but http(s). */
export function parseTrackingUri(uri: string): Connection {
  let url: URL;
  try {
    url = new URL(uri);
  } catch {
    throw new MlflowValidationError("tracking address", "it is not an address; right is such as http://127.0.0.1:5000");
  }
  if (url.protocol !== "http:" && url.protocol !== "https:")
    throw new MlflowValidationError(
      "tracking address",
      `"${url.protocol}" stores cannot be reached from here; start "mlflow server" over the store and give its http address`,
    );
  const connection: Connection = { uri: `${url.protocol}//${url.host}${url.pathname.replace(/\/+$/, "")}` };
  if (url.username) connection.username = decodeURIComponent(url.username);
  if (url.password) connection.password = decodeURIComponent(url.password);
  return connection;
}

/**
 * The connection that the Python client's variables describe: `MLFLOW_TRACKING_URI`, `_USERNAME`, `_PASSWORD`, `_TOKEN`,
 * `MLFLOW_HTTP_REQUEST_TIMEOUT` (seconds). Throws `MlflowValidationError` when no address is given or it is not http(s).
 */
export function connectionFromEnvironment(
  environment: Record<string, string | undefined> = process.env,
  uri = environment.MLFLOW_TRACKING_URI,
): Connection {
  if (!uri)
    throw new MlflowValidationError("MLFLOW_TRACKING_URI", "it is not set; right is such as http://127.0.0.1:5000");
  const connection = parseTrackingUri(uri);
  if (environment.MLFLOW_TRACKING_USERNAME) connection.username = environment.MLFLOW_TRACKING_USERNAME;
  if (environment.MLFLOW_TRACKING_PASSWORD) connection.password = environment.MLFLOW_TRACKING_PASSWORD;
  if (environment.MLFLOW_TRACKING_TOKEN) connection.token = environment.MLFLOW_TRACKING_TOKEN;
  const seconds = Number(environment.MLFLOW_HTTP_REQUEST_TIMEOUT);
  if (seconds > 0) connection.timeoutMs = seconds * 1000;
  return connection;
}
