import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { mlrunsFolder } from "../node/paths.js";

/** Where JupyterLab is reached on this machine. Whoever has the token may run programs as this user. */
export interface LabPlace {
  port: number;
  token: string;
}

/** The folder that JupyterLab keeps its state of this project in. */
export function labFolder(): string {
  return path.join(mlrunsFolder(), "lab");
}

/** Where the last JupyterLab of this project was reached: the next one is, too, so that an open page reconnects. */
export function keptPlace(): LabPlace | undefined {
  try {
    const { port, token } = JSON.parse(readFileSync(placeFile(), "utf8")) as LabPlace;
    return Number.isInteger(port) && typeof token === "string" && token !== "" ? { port, token } : undefined;
  } catch {
    return undefined;
  }
}

/** Keeps a place for the next start, readable by this user only. */
export function keepPlace(place: LabPlace): void {
  mkdirSync(labFolder(), { recursive: true, mode: 0o700 });
  const beside = `${placeFile()}.${process.pid}.tmp`;
  writeFileSync(beside, `${JSON.stringify(place)}\n`, { mode: 0o600 });
  renameSync(beside, placeFile());
}

/** The place of this project's JupyterLab, where one runs. */
export async function runningPlace(): Promise<LabPlace | undefined> {
  const place = keptPlace();
  return place && (await takesToken(place)) ? place : undefined;
}

/** Starts a notebook's kernel while the page that will use it loads. @param notebook its path below the project's folder */
export async function startKernel(place: LabPlace, notebook: string): Promise<void> {
  const kernel = { name: "auscult" };
  await ask(place, "/api/sessions", { path: notebook, name: path.basename(notebook), type: "notebook", kernel });
}

/** Ends the JupyterLab of a place and its kernels, and settles when it no longer answers, or after ten seconds. */
export async function endLab(place: LabPlace): Promise<void> {
  await ask(place, "/api/shutdown", {});
  for (let tries = 0; tries < 50 && (await takesToken(place)); tries++)
    await new Promise((resolve) => setTimeout(resolve, 200));
}

/** Whether a JupyterLab answers there that knows the token. */
export async function takesToken(place: LabPlace): Promise<boolean> {
  return (await ask(place, "/api/status"))?.ok === true;
}

/** What JupyterLab answers, if it does; with `content` it is a POST. */
async function ask({ port, token }: LabPlace, address: string, content?: object): Promise<Response | undefined> {
  try {
    return await fetch(`http://127.0.0.1:${port}${address}`, {
      headers: { Authorization: `token ${token}` },
      signal: AbortSignal.timeout(5000),
      ...(content && { method: "POST", body: JSON.stringify(content) }),
    });
  } catch {
    return undefined;
  }
}

function placeFile(): string {
  return path.join(labFolder(), "place.json");
}
