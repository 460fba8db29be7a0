import { resultsCsv } from "../listening/resultsCsv.js";
import { resultsJson } from "../listening/resultsJson.js";
import { download } from "./download.js";
import { exported } from "./item.js";
import { problem, status } from "./saying.js";
import { state } from "./state.js";

/** Hands all answers of all recordings to the browser as a file. */
export function save(form: "csv" | "json"): void {
  const { model, items } = state;
  const results = items.flatMap(exported);
  if (!model || results.length === 0) {
    problem("There is nothing to save yet.");
    return;
  }
  const now = new Date();
  const name = `auscult-${now.toISOString().slice(0, 19).replaceAll(":", "-")}.${form}`;
  if (form === "csv") download(name, resultsCsv(model.identity, results), "text/csv");
  else download(name, resultsJson(model.identity, results, now), "application/json");
  status(`Saved ${name}.`);
}
