import { MlflowValidationError } from "../errors.js";
import { checkExperimentName, checkId } from "../validate.js";

/** An experiment by its name or by its id. */
export interface ExperimentWish {
  experiment?: string;
  experimentId?: string;
}

/** An experiment by name, or by id where one is given. */
export interface ExperimentChoice {
  experiment: string;
  experimentId?: string;
}

/** The experiment of the first wish that names one, else the server's "Default". Throws `MlflowValidationError`. */
export function chooseExperiment(...wishes: (ExperimentWish | undefined)[]): ExperimentChoice {
  for (const { experiment, experimentId } of wishes.map((wish) => wish ?? {})) {
    if (experiment !== undefined && experimentId !== undefined)
      throw new MlflowValidationError(
        "experiment",
        `name "${experiment}" and id "${experimentId}" are given: take one away`,
      );
    if (experiment !== undefined) {
      checkExperimentName(experiment);
      return { experiment };
    }
    if (experimentId !== undefined) {
      checkId("experiment", experimentId);
      return { experiment: `(id ${experimentId})`, experimentId };
    }
  }
  return { experiment: "Default", experimentId: "0" };
}

/** What `MLFLOW_EXPERIMENT_NAME`, else `MLFLOW_EXPERIMENT_ID` says. */
export function experimentOfEnvironment(environment: Record<string, string | undefined>): ExperimentWish {
  if (environment.MLFLOW_EXPERIMENT_NAME) return { experiment: environment.MLFLOW_EXPERIMENT_NAME };
  return { experimentId: environment.MLFLOW_EXPERIMENT_ID || undefined };
}
