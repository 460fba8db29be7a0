/**
 * The house's import directions, downwards only. Each room lists the rooms that it may not know.
 */
const room = (names) => `^src/(${names.join("|")})/`;

/** From the top of the house to its foundations; a room may import from its own line and from lines below. */
const floors = [
  ["cli"],
  ["lab", "bench", "web"],
  ["suite", "search"],
  ["inference"],
  ["papers", "tracking"],
  ["training", "evaluation", "explain"],
  ["nn", "losses", "datasets"],
  ["engine"],
  ["node"],
  ["augment", "features"],
  ["audio"],
  ["random"],
];

const upwards = floors.slice(1).map((names, index) => ({
  name: `nothing-upwards-from-${names.join("-")}`,
  severity: "error",
  from: { path: room(names) },
  to: { path: room(floors.slice(0, index + 1).flat()) },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...upwards,
    { name: "no-circles", severity: "error", from: {}, to: { circular: true } },
    {
      name: "figures-take-plain-data",
      severity: "error",
      from: { path: "^src/figures/" },
      to: { path: "^src/", pathNot: "^src/figures/" },
    },
    {
      name: "signal-code-runs-in-a-browser",
      comment: "audio, features, augment, inference: no Node and no TensorFlow; files come in through src/node/",
      severity: "error",
      from: { path: room(["audio", "features", "augment", "inference", "random"]) },
      to: { path: ["^node:", "^src/node/", "^src/tensorflow", "@tensorflow"], dependencyTypesNot: ["type-only"] },
    },
    {
      name: "signal-code-uses-no-core-module",
      severity: "error",
      from: { path: room(["audio", "features", "augment", "inference", "random"]) },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "inference-knows-signals-and-test-paths",
      comment:
        "what a page needs and no more: signal code, the papers' ways from a clip to an input, the rules of labels and probabilities",
      severity: "error",
      from: { path: "^src/inference/" },
      to: {
        path: "^src/",
        pathNot: [
          room(["inference", "audio", "features", "random"]),
          "^src/userError",
          "^src/papers/testPath(s|Makers)?\\.ts$",
          "^src/datasets/sprsound/(tasks|windows)\\.ts$",
          "^src/evaluation/(logits|quantile)\\.ts$",
        ],
      },
    },
    {
      name: "only-suite-reads-experiments",
      severity: "error",
      from: { path: "^src/", pathNot: "^src/suite/" },
      to: { path: "^experiments/" },
    },
    {
      name: "one-door-to-tensorflow",
      comment: "import tf from src/tensorflow.ts, which says what to do when the addon is missing",
      severity: "error",
      from: { path: "^src/", pathNot: "^src/tensorflow\\.ts$" },
      to: { path: "@tensorflow" },
    },
    {
      name: "the-client-stands-alone",
      severity: "error",
      from: { path: "^packages/" },
      to: { path: "^src/" },
    },
    { name: "resolvable", severity: "error", from: {}, to: { couldNotResolve: true, pathNot: "mlflow-js-client" } },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(^|/)dist/" },
    enhancedResolveOptions: {
      extensions: [".ts", ".js", ".json"],
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
    },
  },
};
