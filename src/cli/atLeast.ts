import { InvalidArgumentError } from "commander";

/** Reads an option that is a whole number. */
export function atLeast(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least) return value;
    throw new InvalidArgumentError(`A whole number, ${least} or more, is needed.`);
  };
}
