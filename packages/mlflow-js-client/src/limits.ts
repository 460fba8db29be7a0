/**
 * The server's limits: those of `mlflow/utils/validation.py` (MLflow 3.17), and those of its database's columns where
 * they are narrower (`models.py` below `mlflow/store`): SQLite does not mind, PostgreSQL and MySQL answer 500 or cut.
 * Characters are code points, as Python counts them.
 */
export const limits = {
  keyCharacters: 250,
  parameterCharacters: 6000,
  tagCharacters: 8000,
  runNameCharacters: 250,
  experimentNameCharacters: 256,
  experimentTagCharacters: 20_000,
  artifactLocationCharacters: 256,
  datasetNameCharacters: 500,
  datasetDigestCharacters: 36,
  datasetSourceCharacters: 65_535,
  datasetSourceTypeCharacters: 36,
  datasetSchemaCharacters: 1_048_575,
  datasetProfileCharacters: 16_777_215,
  inputTagKeyCharacters: 255,
  inputTagCharacters: 500,
  loggedModelNameCharacters: 500,
  loggedModelTypeCharacters: 500,
  registeredModelNameCharacters: 256,
  registeredModelTagCharacters: 5000,
  versionTagCharacters: 100_000,
  versionTagBytes: 65_535,
  versionSourceCharacters: 500,
  aliasCharacters: 255,
  descriptionCharacters: 5000,
  metricsPerBatch: 1000,
  parametersPerBatch: 100,
  tagsPerBatch: 100,
  entitiesPerBatch: 1000,
  /** The server allows one million; what is left is room for the envelope. */
  bytesPerBatch: 950_000,
  /** Values in one list of a search filter. */
  listedValues: 1000,
} as const;
