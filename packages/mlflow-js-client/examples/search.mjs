// A parent run with a child per learning rate; then the best child is looked up and noted at the parent.
import { and, attribute, metric, mlflow, tag } from "mlflow-js-client";

await mlflow.withRun({ experiment: "examples", name: "search" }, async (parent) => {
  // Started inside withRun, each stands under the parent.
  for (const learningRate of [0.01, 0.1, 0.4, 1.1])
    await mlflow.withRun({ name: `learning rate ${learningRate}` }, async (run) => {
      run.logParams({ learningRate });
      let x = 3;
      for (let step = 1; step <= 20; step++) {
        x -= learningRate * 2 * x;
        run.logMetric("loss", x * x, step);
      }
    });
  await mlflow.flush();

  const parentId = await parent.id();
  const { experimentId } = await parent.flush();
  const [best] = await mlflow.client().searchRuns({
    experimentIds: [experimentId],
    filter: and(tag("mlflow.parentRunId").eq(parentId), attribute("status").eq("FINISHED"), metric("loss").lt(1)),
    orderBy: [metric("loss").asc()],
    maximum: 1,
  });
  parent.setTags({ "best.run": best.info.run_id, "best.name": best.info.run_name });
  console.log(best.info.run_name);
});
