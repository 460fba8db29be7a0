import path from "node:path";
import { type Connection, connectionFromEnvironment, parseTrackingUri } from "../environment.js";
import { MlflowError, MlflowValidationError } from "../errors.js";
import { makeRunFolder, serverFolder } from "../sending/spoolFolders.js";
import type { MlflowOptions } from "./runOptions.js";

/** What options and environment together say. Nothing is read before it is needed. */
export class RunSettings {
  readonly options: MlflowOptions;
  readonly environment: Record<string, string | undefined>;
  #connection: Connection | undefined;

  constructor(options: MlflowOptions) {
    this.options = options;
    this.environment = options.environment ?? process.env;
  }

  /** Where the server is. Throws `MlflowValidationError` where none is named. */
  connection(): Connection {
    if (this.#connection) return this.#connection;
    const { connection, trackingUri } = this.options;
    const uri = trackingUri ?? this.environment.MLFLOW_TRACKING_URI;
    if (!connection && !uri)
      throw new MlflowValidationError(
        "MLFLOW_TRACKING_URI",
        'no tracking server is named; right is such as http://127.0.0.1:5000, or sending: "none" to log without one',
      );
    this.#connection = connection ? normalised(connection) : connectionFromEnvironment(this.environment, uri);
    return this.#connection;
  }

  /** The server that is named; there need not be one where nothing is sent. */
  get target(): Connection | undefined {
    const { connection, trackingUri, sending } = this.options;
    const named = connection ?? trackingUri ?? this.environment.MLFLOW_TRACKING_URI;
    return named || sending !== "none" ? this.connection() : undefined;
  }

  /** The folder that holds the folders of runs. */
  get root(): string {
    return path.resolve(this.options.folder ?? serverFolder(this.target?.uri, this.environment));
  }

  /** Throws `MlflowError` (code "SPOOL") when the disk refuses. */
  newFolder(experiment: string, name: string): string {
    const target = { trackingUri: this.target?.uri, experiment, name, keep: this.options.keep ?? false };
    try {
      return makeRunFolder(this.root, target);
    } catch (error) {
      throw new MlflowError(`run "${name}": its folder cannot be made: ${(error as Error).message}`, 0, "SPOOL");
    }
  }

  /** The run that `MLFLOW_RUN_ID` names, for the first run only, as with Python. */
  takeRunId(): string | undefined {
    const runId = this.environment.MLFLOW_RUN_ID || undefined;
    if (runId !== undefined) delete this.environment.MLFLOW_RUN_ID;
    return runId;
  }

  /** Tells a person. */
  notify(message: string): void {
    const { notify } = this.options;
    if (notify) notify(message);
    else process.stderr.write(`mlflow-js-client: ${message}\n`);
  }
}

/** The connection with an address that holds neither credentials nor a final slash. */
function normalised(connection: Connection): Connection {
  const given = Object.entries(connection).filter(([key, value]) => key !== "uri" && value !== undefined);
  return Object.assign(parseTrackingUri(connection.uri), Object.fromEntries(given));
}
