import { InvalidArgumentError } from "commander";

/** Reads an option that is a port, from `least` on: 0 asks for any free one. */
export function portFrom(least: 0 | 1): (text: string) => number {
  return (text) => {
    const port = Number(text);
    if (Number.isInteger(port) && port >= least && port <= 65535) return port;
    throw new InvalidArgumentError(`A whole number from ${least} to 65535 is needed.`);
  };
}
