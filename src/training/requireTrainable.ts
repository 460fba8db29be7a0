import { UserError } from "../userError.js";

/**
 * Throws UserError for a training set from which nothing whole can be learnt: a class without items, or fewer items than a batch has.
 *
 * @param counts items by class, for each class that is to be learnt
 */
export function requireTrainable(counts: Readonly<Record<string, number>>, batchSize: number): void {
  const classes = Object.keys(counts);
  const empty = classes.filter((name) => !counts[name]);
  if (empty.length > 0)
    throw new UserError(
      `training set: no item of class ${empty.join(", ")}; each of ${classes.join(", ")} needs one. Is the data set whole? \`npx auscult data check\` tells`,
    );
  const items = Object.values(counts).reduce((sum, count) => sum + count, 0);
  if (items < batchSize)
    throw new UserError(`batch size ${batchSize}: larger than the training set, which has ${items} items`);
}
