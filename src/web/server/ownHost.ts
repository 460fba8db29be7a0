/**
 * Whether a request's Host header names this server. A page elsewhere whose name is made to lead to 127.0.0.1 (DNS rebinding) would be of
 * our origin to a browser; its requests carry that name.
 * @param host the header as it came
 */
export function isOwnHost(host: string | undefined, port: number): boolean {
  const names = ["127.0.0.1", "localhost"];
  return names.some((name) => host === `${name}:${port}` || (port === 80 && host === name));
}
