import { type Batch, cutIntoBatches, eachOnce, lastOfEach, metricForWire, metricFromWire } from "../batches.js";
import { refuse } from "../messages.js";
import type { DatasetDescription, Metric } from "../types.js";
import { checkDataset, checkId, checkKey, checkMetric, checkParameter, checkTag } from "../validate.js";
import { datasetForWire, refuseTwoOfOne, refuseUnlessKept } from "./datasets.js";
import { collected } from "./endpoints.js";
import { keyValues } from "./keyValues.js";
import { RunEndpoints } from "./runs.js";

/** What runs hold: metrics, parameters, tags and inputs. */
export abstract class LoggingEndpoints extends RunEndpoints {
  /**
   * Logs any number of metrics, parameters and tags, cut into as many requests as the server's limits need
   * (`runs/log-batch`). The server keeps one of two equal points, so a repetition doubles nothing.
   * @throws MlflowValidationError before anything is sent, if one value is wrong
   * @throws MlflowError among others if a parameter has another value already
   */
  async logBatch(runId: string, all: Partial<Batch>): Promise<void> {
    checkId("run", runId);
    for (const metric of all.metrics ?? []) checkMetric(metric);
    for (const parameter of all.params ?? []) checkParameter(parameter);
    for (const one of all.tags ?? []) checkTag(one);
    const once = { metrics: all.metrics, params: eachOnce(all.params ?? []), tags: lastOfEach(all.tags ?? []) };
    for (const { metrics, params, tags } of cutIntoBatches(once))
      await this.post("runs/log-batch", { run_id: runId, metrics: metrics.map(metricForWire), params, tags });
  }

  /** Logs one point: step 0 and the present (milliseconds since 1970) unless given. Many points: `logBatch`. */
  async logMetric(
    runId: string,
    key: string,
    value: number,
    { step = 0, timestamp = Date.now() }: { step?: number; timestamp?: number } = {},
  ): Promise<void> {
    await this.logBatch(runId, { metrics: [{ key, value, step, timestamp }] });
  }

  /** Logs one parameter, at most 6,000 characters. It cannot be changed later. */
  async logParam(runId: string, key: string, value: string): Promise<void> {
    await this.logBatch(runId, { params: [{ key, value }] });
  }

  /** Logs parameters, each at most 6,000 characters. They cannot be changed later. */
  async logParams(runId: string, params: Record<string, string>): Promise<void> {
    await this.logBatch(runId, { params: keyValues(params) });
  }

  /** Sets one tag, at most 8,000 characters. */
  async setTag(runId: string, key: string, value: string): Promise<void> {
    await this.logBatch(runId, { tags: [{ key, value }] });
  }

  /** Sets tags, each at most 8,000 characters. */
  async setTags(runId: string, tags: Record<string, string>): Promise<void> {
    await this.logBatch(runId, { tags: keyValues(tags) });
  }

  /** All points of one metric, in the server's order (`metrics/get-history`). */
  metricHistory(runId: string, key: string): Promise<Metric[]> {
    return collected(this.iterateMetricHistory(runId, key));
  }

  /** As `metricHistory`, page by page. `maximum` points at most; all unless given. */
  iterateMetricHistory(runId: string, key: string, maximum?: number): AsyncGenerator<Metric, void, void> {
    checkId("run", runId);
    checkKey("metric", key);
    return this.pages(maximum, 25_000, async (max_results, page_token) => {
      const page = await this.get("metrics/get-history", { run_id: runId, metric_key: key, max_results, page_token });
      return {
        items: ((page.metrics ?? []) as Record<string, unknown>[]).map(metricFromWire),
        next: page.next_page_token as string | undefined,
      };
    });
  }

  /**
   * Logs data sets, and logged models (MLflow 3), as inputs of the run (`runs/log-inputs`), then looks whether the server
   * kept what was said: of a name and digest that the experiment has already it keeps the first source, schema and profile.
   * @throws MlflowValidationError if it kept something else
   */
  async logInputs(
    runId: string,
    datasets: readonly DatasetDescription[],
    modelIds: readonly string[] = [],
  ): Promise<void> {
    checkId("run", runId);
    for (const dataset of datasets) checkDataset(dataset);
    for (const id of modelIds) checkId("logged model", id);
    refuseTwoOfOne(datasets);
    const inputs = datasets.map(datasetForWire);
    const models = modelIds.map((model_id) => ({ model_id }));
    await this.post("runs/log-inputs", { run_id: runId, datasets: inputs, models });
    const kept = (await this.getRun(runId)).inputs;
    for (const input of inputs) refuseUnlessKept(input, kept.dataset_inputs);
    for (const id of modelIds)
      if (!kept.model_inputs.some((model) => model.model_id === id))
        refuse(`input model ${id}`, "the server did not keep it: logged models are there from MLflow 3.0 on");
  }
}
