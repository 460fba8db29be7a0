import { Artifacts } from "./artifacts.js";
import { type Connection, connectionFromEnvironment } from "./environment.js";
import { ModelVersionEndpoints } from "./rest/modelVersions.js";
import { Transport, type TransportOptions } from "./transport.js";

export { filterString } from "./filter.js";
export { recordOf } from "./rest/keyValues.js";
export { creationKeyTag } from "./rest/runs.js";

/**
 * MLflow's REST interface, with every value checked before it is sent: the server answers 200 to many wrong ones. The
 * names are those of Python's `MlflowClient`, in camel case; what is answered has the server's names.
 *
 * The methods stand by noun in `rest/`: experiments, runs, what runs log (`logging`), logged models, registered models,
 * versions. A `search...` gives an array, of all or of at most `maximum`; the `iterate...` beside it reads page by page.
 *
 * All throw `MlflowValidationError` for what is refused here, and `MlflowError` for what the server says or does not say.
 */
export class MlflowClient extends ModelVersionEndpoints {
  /** Files of runs and models. */
  readonly artifacts: Artifacts;

  /** @param connection from `connectionFromEnvironment()` unless given */
  constructor(connection: Connection = connectionFromEnvironment(), options: TransportOptions = {}) {
    super(new Transport(connection, options));
    this.artifacts = new Artifacts(this.transport);
  }
}
