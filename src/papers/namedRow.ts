import { UserError } from "../userError.js";

/**
 * What a paper knows of a row that it trains.
 *
 * @param rows by experiment, without the paper's name, and by row
 * @param experiment such as "cycleguardian/table9"
 * @throws UserError for a row that is none, naming those that there are
 */
export function namedRow<Row>(
  rows: Readonly<Record<string, Readonly<Record<string, Row>>>>,
  experiment: string,
  row: string,
): Row {
  const own = rows[experiment.slice(experiment.indexOf("/") + 1)] ?? {};
  if (Object.hasOwn(own, row)) return own[row]!;
  const known = Object.keys(own).map((one) => `"${one}"`);
  throw new UserError(
    `unknown row "${row}" of ${experiment}; ${known.length === 0 ? "it has none that is trained" : `there are ${known.join(", ")}`}`,
  );
}
