import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { expect, test } from "vitest";
// @ts-expect-error a script without types
import { declarationView } from "../../scripts/jupyter/kernels/auscult/declarationView.mjs";
import { jupyterEnvironment, pythonProgram } from "../../src/lab/jupyter.js";
import { projectRoot } from "../../src/node/paths.js";

const root = projectRoot();

test("what cells see of a source has the types of the source: the compiler's own declarations of both are equal", {
  timeout: 600_000,
}, () => {
  const inTslab = createRequire(createRequire(path.join(root, "package.json")).resolve("tslab/dist/main.js"));
  const ts = inTslab("@tslab/typescript-for-tslab") as typeof import("typescript");
  const files = readdirSync(path.join(root, "src"), { recursive: true, encoding: "utf8" })
    // The page's own files are a browser's, with its types; no cell imports them.
    .filter((file) => file.endsWith(".ts") && !file.startsWith(path.join("web", "page")))
    .map((file) => path.join(root, "src", file));
  const declarations = (ofViews: boolean): Map<string, string> => {
    const options: import("typescript").CompilerOptions = {
      strict: true,
      noImplicitAny: false,
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      target: ts.ScriptTarget.ES2022,
      lib: ["lib.es2022.d.ts"],
      types: ["node"],
      skipLibCheck: true,
      esModuleInterop: true,
      declaration: true,
      emitDeclarationOnly: true,
      removeComments: true,
      rootDir: root,
      outDir: "/declarations",
    };
    const host = ts.createCompilerHost(options);
    const read = host.readFile;
    host.readFile = (file) => {
      const text = read(file);
      return ofViews && text !== undefined && files.includes(file) ? declarationView(ts, text) : text;
    };
    const written = new Map<string, string>();
    // Those of what sources import from elsewhere, such as the registry, are not looked at.
    host.writeFile = (file, text) => file.startsWith("/declarations/src/") && written.set(file, comparable(text));
    ts.createProgram(files, options, host).emit();
    return written;
  };
  const whole = declarations(false);
  expect(whole.size).toBe(files.length);
  expect(declarations(true)).toEqual(whole);
});

/** Without imports, which follow use, and with the properties' names alone where a parameter is taken apart. */
function comparable(text: string): string {
  return text.replace(/^(import .*|export \{\});\n/gm, "").replace(/([{,] \w+): \w+(?=, | \})/g, "$1");
}

test("a loop without an end is interrupted, and the kernel goes on; packages are documented; names complete", {
  timeout: 120_000,
}, () => {
  const program = `
import json, threading
from jupyter_client.manager import KernelManager
manager = KernelManager(kernel_name="auscult")
manager.start_kernel()
client = manager.client()
client.start_channels()
client.wait_for_ready(timeout=60)
def run(code):
    said = []
    reply = client.execute_interactive(code, timeout=60, output_hook=lambda message: said.append(message["content"]))
    return [reply["content"]["status"], *[one.get("evalue", one.get("text")) for one in said if "execution_state" not in one]]
def ask(message):
    while True:
        reply = client.get_shell_msg(timeout=60)
        if reply["parent_header"].get("msg_id") == message:
            return reply["content"]
answers = {"first": run("1")}
for name, code in {"loop": "while (true) {}", "wait": "await new Promise((end) => setTimeout(end, 60000))"}.items():
    threading.Timer(2, manager.interrupt_kernel).start()
    answers[name] = run(code)
answers["after"] = run("2")
code = 'import { tf } from "./src/tensorflow"; tf.tidy(() => 3);'
answers["tidy"] = ask(client.inspect(code, code.index("tidy") + 1))["data"]["text/plain"]
code = 'import { decodeWav } from "./src/audio/wav"; decodeW'
answers["decodeWav"] = ask(client.inspect(code, code.index("decodeWav") + 1))["data"]["text/plain"]
answers["matches"] = ask(client.complete(code, len(code)))["matches"]
manager.shutdown_kernel()
print(json.dumps(answers))
`;
  const said = execFileSync(pythonProgram("python"), ["-c", program], {
    env: jupyterEnvironment(),
    encoding: "utf8",
  });
  const answers = JSON.parse(said);
  expect(answers).toMatchObject({
    first: ["ok", "1\n"],
    loop: ["error", ""],
    wait: ["error", ""],
    after: ["ok", "2\n"],
    matches: ["decodeWav"],
  });
  expect(answers.tidy).toContain("cleans up all");
  expect(answers.decodeWav).toContain("Decodes a WAV file");
});
