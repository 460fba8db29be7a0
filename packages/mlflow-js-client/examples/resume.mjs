// A run in two lives: the second goes on where the first was cut off. Steps that are done again are not logged again.
import { mlflow } from "mlflow-js-client";

const lossAt = (step) => 1 / step;

const first = mlflow.startRun({ experiment: "examples", name: "in two lives" });
for (let step = 1; step <= 6; step++) first.logMetric("loss", lossAt(step), step);
const runId = await first.id();
first.end("KILLED");

const second = await mlflow.resumeRun({ runId });
const checkpoint = second.lastStep("loss") - 2;
for (let step = checkpoint; step <= 10; step++) second.logMetric("loss", lossAt(step), step);
second.end();
await second.flush();

const points = await mlflow.client().metricHistory(runId, "loss");
console.log(points.map(({ step }) => step).join(" "));
