import { UserError } from "../../userError.js";

/** Where a Ray that was started on this machine has its dashboard. */
export const USUAL_ADDRESS = "http://127.0.0.1:8265";

/**
 * An address of Ray's dashboard, without a slash at its end. Throws UserError for what is none, such as an address of Ray's own protocols,
 * and for one that holds a password.
 *
 * @param source where it was given: "--address", "RAY_ADDRESS"
 */
export function rayAddress(text: string, source: string): string {
  const url = /^https?:\/\//i.test(text) && URL.canParse(text) ? new URL(text) : undefined;
  if (!url) {
    // "ray://host:10001", "host:6379", "auto": for programs in Python.
    const host = /^(?:[a-z]+:\/\/)?([\w.-]+)(?::\d+)?\/?$/i.exec(text)?.[1];
    const isHost = host !== undefined && !["auto", "local"].includes(host);
    throw new UserError(
      `${source}${source.startsWith("-") ? " " : "="}${text}: must be the address of Ray's dashboard, such as http://${isHost ? host : "127.0.0.1"}:8265`,
    );
  }
  if (url.username || url.password)
    throw new UserError(`${source}: must not hold a password; a cluster's token goes into RAY_AUTH_TOKEN`);
  return `${url.origin}${url.pathname}`.replace(/\/+$/, "");
}
