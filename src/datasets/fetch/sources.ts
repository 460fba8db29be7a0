import { statSync } from "node:fs";
import path from "node:path";
import { UserError } from "../../userError.js";
import { ICBHI_SOURCE } from "./icbhiSource.js";
import type { FetchSource } from "./source.js";
import { SPRSOUND_SOURCE } from "./sprSoundSource.js";

const SOURCES: readonly FetchSource[] = [ICBHI_SOURCE, SPRSOUND_SOURCE];

/**
 * The publisher's source of a data set by name.
 * @throws UserError for an unknown name
 */
export function fetchSource(name: string): FetchSource {
  const source = SOURCES.find((one) => one.name === name);
  if (source) return source;
  throw new UserError(`unknown data set "${name}"; known: ${SOURCES.map((one) => one.name).join(", ")}`);
}

/**
 * The same data set from a mirror that holds the publisher's files under their names.
 * @param from address of a folder (http, https, file), or a folder of this machine
 * @throws UserError for what is neither, and for a folder that holds none of the files
 */
export function fromMirror(source: FetchSource, from: string): FetchSource {
  const names = source.files.map(({ name }) => name);
  const base = from.replace(/\/+$/, "");
  if (/^https?:\/\//i.test(from)) {
    if (!URL.canParse(from)) throw new UserError(`--from ${from} is no address`);
    return withAddresses(source, (name) => `${base}/${encodeURIComponent(name)}`);
  }
  if (/^[a-z][a-z0-9+.-]+:/i.test(from) && !/^file:\/\//i.test(from)) {
    throw new UserError(
      `--from ${from}: an address begins with http://, https:// or file://; a folder of this machine can be given as well`,
    );
  }
  const folder = path.resolve(/^file:/i.test(from) ? decodeURIComponent(new URL(from).pathname) : from);
  if (!names.some((name) => statSync(path.join(folder, name), { throwIfNoEntry: false }))) {
    throw new UserError(`--from ${from}: ${folder} holds none of the files of ${source.name}: ${names.join(", ")}`);
  }
  return withAddresses(source, (name) => path.join(folder, name));
}

function withAddresses(source: FetchSource, address: (name: string) => string): FetchSource {
  return { ...source, files: source.files.map((file) => ({ ...file, addresses: [address(file.name)] })) };
}
