import { bars } from "../../figures/bars.js";
import type { Figure } from "../../figures/figure.js";
import { searchHistory } from "../../figures/searchHistory.js";
import type { FigureOptions } from "../../figures/theme.js";
import type { SearchRecord } from "../../papers/searchRecord.js";
import type { SearchedValues } from "../../papers/searchSpace.js";

/** "learningRate 0.00213, c1 4": numbers with three digits where they have more. */
export function valuesWords(values: SearchedValues): string {
  return Object.entries(values)
    .map(([name, value]) => `${name} ${valueText(value)}`)
    .join(", ");
}

export function valueText(value: SearchedValues[string]): string {
  return typeof value === "number" && !Number.isInteger(value) ? String(Number(value.toPrecision(3))) : String(value);
}

/** A search's pictures, by the name of their file: the values by trial, and what each setting matters, where that can be told. */
export function searchFigures(
  { trials, importance, valueIs }: SearchRecord,
  options: Pick<FigureOptions, "note">,
): { name: string; says: string; figure: Figure }[] {
  const history = searchHistory(
    {
      yLabel: "select Score (0 to 1)",
      trials: trials.map(({ number, state, value, values }) => ({
        ...{ number: number + 1, state, says: valuesWords(values) },
        ...(value !== undefined && { value }),
      })),
    },
    { title: "Value by trial", ...options },
  );
  const figures = [{ name: "search-history.svg", says: `value of each trial: ${valueIs}`, figure: history }];
  if (!isTold(importance)) return figures;
  const names = Object.keys(importance);
  const data = {
    categories: names,
    groups: [{ name: "importance", values: names.map((name) => importance[name]!) }],
    xLabel: "setting",
    yLabel: "share of the variance (0 to 1)",
  };
  const complete = trials.filter(({ state }) => state === "complete").length;
  const title = `Importance, from ${complete} trials`;
  return [
    ...figures,
    {
      name: "search-importance.svg",
      says: "share of the variance of the values",
      figure: bars(data, { title, ...options }),
    },
  ];
}

export function isTold(importance: SearchRecord["importance"]): importance is Readonly<Record<string, number>> {
  return !("why" in importance && typeof importance.why === "string");
}
