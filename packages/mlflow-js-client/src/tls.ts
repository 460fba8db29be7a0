import { X509Certificate } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { createSecureContext, type SecureContextOptions } from "node:tls";
import type { Connection } from "./environment.js";
import { MlflowValidationError } from "./errors.js";

export interface TlsOptions extends SecureContextOptions {
  rejectUnauthorized?: boolean;
}

/**
 * What `node:tls` is told for a connection: the authorities to trust, the client's own certificate, or to trust all. Throws
 * `MlflowValidationError` for files that are missing or hold no certificate or key, and for contradictions.
 */
export function tlsOptions(connection: Connection): TlsOptions {
  const { serverCertPath, clientCertPath, insecureTls } = connection;
  if (insecureTls && serverCertPath !== undefined)
    throw new MlflowValidationError("insecureTls", "serverCertPath is given as well: take one away");
  const options: TlsOptions = {};
  if (insecureTls) options.rejectUnauthorized = false;
  if (serverCertPath !== undefined) options.ca = authorities(serverCertPath);
  if (clientCertPath !== undefined) {
    const pem = read("client certificate", clientCertPath);
    if (!isCertificate(pem)) refuse("client certificate", clientCertPath, "it holds no certificate in PEM");
    if (!/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(pem))
      refuse("client certificate", clientCertPath, "it must hold the certificate and its private key, in one PEM file");
    options.cert = pem;
    options.key = pem;
    tried("client certificate", clientCertPath, () => createSecureContext({ cert: pem, key: pem }));
  }
  return options;
}

/** What a failed handshake means and what to do about it; undefined for an error that has nothing to do with certificates. */
export function tlsReason(code: string): string | undefined {
  if (/^ERR_TLS_CERT_ALTNAME/.test(code)) return `the server's certificate is for another host name (${code})`;
  if (/^(CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|CRL_|INVALID_CA|HOSTNAME_MISMATCH|ERROR_IN_CERT)/.test(code))
    return (
      `the server's certificate is not trusted (${code}): give the certificate of its authority as a PEM file in ` +
      "MLFLOW_TRACKING_SERVER_CERT_PATH"
    );
  if (/^(ERR_SSL_WRONG_VERSION_NUMBER|ERR_SSL_PACKET_LENGTH_TOO_LONG)/.test(code))
    return `the server does not speak TLS on this port (${code}): is its address http:// ?`;
  if (
    /ALERT_(CERTIFICATE_REQUIRED|BAD_CERTIFICATE|UNKNOWN_CA|HANDSHAKE_FAILURE)|UNKNOWN_CA|CERTIFICATE_REQUIRED/.test(
      code,
    )
  )
    return `the server refuses this client's certificate, or its lack (${code}): see MLFLOW_TRACKING_CLIENT_CERT_PATH`;
  return /^(ERR_SSL_|ERR_TLS_|EPROTO)/.test(code) ? `no secure connection (${code})` : undefined;
}

function authorities(place: string): string[] {
  const what = "server certificate";
  let names = [place];
  try {
    if (statSync(place).isDirectory())
      names = readdirSync(place)
        .sort()
        .map((name) => path.join(place, name))
        .filter((name) => statSync(name).isFile());
  } catch (error) {
    refuse(what, place, `it cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
  const pems = names.map((name) => read(what, name)).filter(isCertificate);
  if (pems.length === 0) refuse(what, place, "there is no certificate in PEM in it");
  for (const pem of pems)
    for (const block of pem.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [])
      tried(what, place, () => new X509Certificate(block));
  return pems;
}

function isCertificate(pem: string): boolean {
  return pem.includes("-----BEGIN CERTIFICATE-----");
}

function read(what: string, file: string): string {
  try {
    return readFileSync(file, "latin1");
  } catch (error) {
    return refuse(what, file, `it cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
}

function tried(what: string, file: string, act: () => unknown): void {
  try {
    act();
  } catch (error) {
    refuse(what, file, `it cannot be used (${(error as NodeJS.ErrnoException).code ?? "not understood"})`);
  }
}

function refuse(what: string, file: string, why: string): never {
  throw new MlflowValidationError(`${what} "${file}"`, why);
}
