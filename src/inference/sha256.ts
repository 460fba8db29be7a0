/**
 * SHA-256 by the platform's own code, 64 hexadecimal digits.
 *
 * @throws Error on pages that a browser gives no cryptography: those of a foreign machine without https
 */
export async function sha256(content: Uint8Array | string): Promise<string> {
  const { subtle } = globalThis.crypto ?? {};
  if (!subtle) {
    throw new Error(
      "a model's files cannot be checked here: browsers compute digests only on pages from https, from this machine (localhost) or from a file",
    );
  }
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  const digest = await subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
