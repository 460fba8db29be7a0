import { ArtifactFolder, isLocal } from "./artifactFolder.js";
import { ArtifactProxy, artifactService } from "./artifactProxy.js";
import type { ArtifactStore } from "./artifactStore.js";
import { cloudRefusal } from "./cloudStores.js";
import type { Transport } from "./transport.js";

/** Where artefacts of that address are and how they are reached. Throws `MlflowError` with code "ARTIFACTS_NOT_SERVED" where they are not. */
export function storeOf(transport: Transport, artifactUri: string): ArtifactStore {
  if (isLocal(artifactUri)) return new ArtifactFolder(artifactUri, transport.uri);
  const proxied = /^mlflow-artifacts:(?:\/\/([^/]*))?(.*)$/s.exec(artifactUri);
  if (proxied) {
    const [, host, root] = proxied;
    // A host in the address means another server for the artefacts, spoken to as the tracking server is.
    const uri = host ? elsewhere(transport.uri, host) : transport.uri;
    return new ArtifactProxy(transport.at(uri), trimmed(root!));
  }
  const [base, root] = /^https?:/i.test(artifactUri) ? artifactUri.split(artifactService) : [];
  if (base !== undefined && root !== undefined) return new ArtifactProxy(transport.at(base), trimmed(root));
  throw cloudRefusal(artifactUri);
}

/** The address of the same kind on another host. */
function elsewhere(uri: string, host: string): string {
  const { protocol, pathname } = new URL(uri);
  return `${protocol}//${host.replace(/^.*@/, "")}${pathname}`;
}

function trimmed(path: string): string {
  return path.replace(/^\/+|\/+$/g, "");
}
