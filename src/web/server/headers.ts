/**
 * What a browser may do on the page, as a Content-Security-Policy: run scripts and workers of the page's own origin and ask that origin
 * for files, nothing else. `wasm-unsafe-eval` allows WebAssembly (the signal code's vectors, onnxruntime) and no `eval` of text;
 * `blob:` is for playing a recording that the page holds.
 */
const POLICY = {
  "default-src": "'none'",
  "script-src": "'self' 'wasm-unsafe-eval'",
  "worker-src": "'self'",
  "style-src": "'self'",
  "img-src": "'self'",
  "connect-src": "'self'",
  "media-src": "blob:",
  "base-uri": "'none'",
  "form-action": "'none'",
} as const;

/** The policy as a `<meta>` may hold it, for servers whose headers are not ours. */
export const META_POLICY = Object.entries(POLICY)
  .map(([name, value]) => `${name} ${value}`)
  .join("; ");

/** Headers of every answer: workers take their policy from their own file's. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  // A meta element may not say who may frame the page.
  "Content-Security-Policy": `${META_POLICY}; frame-ancestors 'none'`,
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
  // Both together isolate the page from other origins, without which WebAssembly has no threads.
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Permissions-Policy": "microphone=(self), camera=(), geolocation=(), display-capture=()",
};
