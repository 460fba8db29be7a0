import { readFileSync } from "node:fs";
import { type FeatureItem, openOrBuildFeatures } from "../../../src/node/featureStore/openOrBuild.js";
import { place, slowClips } from "./madeUpRequest.js";

/** A process that writes to the feature store until it is done or killed: file with the items, number of workers. */
async function write(): Promise<void> {
  const [list, workers] = process.argv.slice(2) as [string, string];
  const items = JSON.parse(readFileSync(list, "utf8")) as FeatureItem[];
  process.stdout.write("ready\n");
  await openOrBuildFeatures({ items, builder: slowClips, place: place("slowClips"), workers: Number(workers) });
  process.stdout.write("done\n");
}

void write();
