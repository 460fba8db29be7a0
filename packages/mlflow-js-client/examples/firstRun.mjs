// A run with parameters, metrics and a text. MLFLOW_TRACKING_URI=http://127.0.0.1:5000 node examples/firstRun.mjs
import { mlflow } from "mlflow-js-client";

await mlflow.withRun({ experiment: "examples", name: "first run", tags: { task: "parabola" } }, async (run) => {
  const learningRate = 0.1;
  run.logParams({ learningRate, optimiser: "gradient descent" });
  let x = 3;
  for (let step = 1; step <= 50; step++) {
    x -= learningRate * 2 * x;
    run.logMetrics({ "train/loss": x * x, "train/x": x }, step);
  }
  run.logText(`The parabola's lowest point is near ${x}.\n`, "answer.txt");
  console.log(await run.url());
});
