import { spawn } from "node:child_process";
import path from "node:path";
import { createInterface } from "node:readline";
import { mlflowProgram } from "./support.js";

const script = `
import json, sys, traceback
import mlflow
from mlflow.entities import ViewType
c = mlflow.MlflowClient(tracking_uri=sys.argv[1], registry_uri=sys.argv[1])
mlflow.set_tracking_uri(sys.argv[1])
said, sys.stdout = sys.stdout, sys.stderr
for line in sys.stdin:
    asked = json.loads(line)
    try:
        answer = {"value": eval(asked["expression"], {**globals(), "a": asked["args"]})}
    except Exception:
        answer = {"error": traceback.format_exc()}
    print(json.dumps(answer), file=said, flush=True)
`;

/** MLflow's own Python client, in one process for many questions: its start takes seconds. */
export class PythonClient {
  readonly #child;
  readonly #answers;

  /** @param uri of the server */
  constructor(uri: string) {
    const file = path.join(path.dirname(mlflowProgram()!), "python");
    const environment = { ...process.env, MLFLOW_DISABLE_TELEMETRY: "true", PYTHONUTF8: "1" };
    this.#child = spawn(file, ["-c", script, uri], { env: environment, stdio: ["pipe", "pipe", "inherit"] });
    this.#answers = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  /** What a Python expression gives, which may use the client `c`, `mlflow`, and what it was given as `a`. One at a time. */
  async read(expression: string, ...args: unknown[]): Promise<unknown> {
    this.#child.stdin.write(`${JSON.stringify({ expression: `(${expression})`, args })}\n`);
    const { value: line, done } = await this.#answers.next();
    if (done) throw new Error("the Python process has ended");
    const answer = JSON.parse(line as string) as { value?: unknown; error?: string };
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer.value;
  }

  close(): void {
    this.#child.stdin.end();
  }
}
