import { credentialsFilePath, readCredentialsFile } from "./credentialsFile.js";
import { MlflowValidationError } from "./errors.js";

export interface Credentials {
  username?: string;
  password?: string;
  token?: string;
}

const usernameVariable = "MLFLOW_TRACKING_USERNAME";
const passwordVariable = "MLFLOW_TRACKING_PASSWORD";
const tokenVariable = "MLFLOW_TRACKING_TOKEN";

/**
 * Chooses between what an address, the environment and the credentials file say, each name or password alone, in this order.
 * Throws `MlflowValidationError` where they contradict each other: one half of name and password, two different ones in
 * address and environment, a name and a token.
 */
export function chooseCredentials(
  address: Credentials,
  environment: Record<string, string | undefined>,
  file = credentialsFilePath(environment),
): Credentials {
  const username = environment[usernameVariable] || undefined;
  const password = environment[passwordVariable] || undefined;
  const token = environment[tokenVariable] || undefined;
  const chosen = address.username === undefined ? basic(username, password, file) : withAddress();
  if (token === undefined) return chosen;
  if (chosen.username !== undefined)
    throw new MlflowValidationError(
      tokenVariable,
      `a user name is given as well (by ${chosen.from}), and a request carries only one of them: take one away`,
    );
  return { token };

  function withAddress(): Found {
    const differ = (username ?? address.username) !== address.username;
    if (differ || (address.password !== undefined && (password ?? address.password) !== address.password))
      throw new MlflowValidationError(
        differ ? usernameVariable : passwordVariable,
        "it differs from the one within the tracking address: take one away",
      );
    // An address with a name alone has the empty password, as with Python.
    return { username: address.username, password: address.password ?? password ?? "", from: "the tracking address" };
  }
}

interface Found extends Credentials {
  from?: string;
}

function basic(username: string | undefined, password: string | undefined, file: string): Found {
  const known = username !== undefined && password !== undefined ? {} : readCredentialsFile(file);
  const found = { username: username ?? known.username, password: password ?? known.password };
  if (found.username === undefined && found.password === undefined) return {};
  if (found.password === undefined)
    throw new MlflowValidationError(
      passwordVariable,
      `a user name is given without a password (looked for in ${file} too)`,
    );
  if (found.username === undefined)
    throw new MlflowValidationError(
      usernameVariable,
      `a password is given without a user name (looked for in ${file} too)`,
    );
  return { ...found, from: username === undefined ? file : usernameVariable };
}
