import { shownDuration } from "../html.js";
import type { Attempt } from "./attempt.js";
import type { WorkState } from "./schedule.js";

/** A run, or a stage, as it is shown while others are carried out. */
export interface RunLine {
  name: string;
  state: WorkState;
  /** Since its process was started here. */
  seconds?: number;
}

/** Room on a terminal, in characters. */
export interface Room {
  columns: number;
  rows: number;
}

const GAP = "  ";

/**
 * One line per run, that fits the room: name, state, time left, Score so far, what it is at; and below what is left of all. Where there are
 * more runs than rows, those that are done or wait are counted only.
 */
export function runsTable(lines: readonly RunLine[], jobs: number, { columns, rows }: Room): string[] {
  const shown =
    lines.length < rows - 1 ? lines : lines.filter(({ state }) => !["waiting", "queued", "done"].includes(state.is));
  const cells = shown.slice(0, Math.max(1, rows - 2)).map(cellsOf);
  const width = (of: (cell: Cells) => string) => Math.max(0, ...cells.map((cell) => of(cell).length));
  const [state, left, score] = [width((cell) => cell.state), width((cell) => cell.left), width((cell) => cell.score)];
  const fixed = state + left + score + 3 * GAP.length;
  const name = Math.min(
    width((cell) => cell.name),
    Math.max(12, columns - fixed),
  );
  const table = cells.map((cell) => {
    const parts = [shortened(cell.name, name).padEnd(name), cell.state.padEnd(state), cell.left.padStart(left)];
    return cut([...parts, cell.score.padStart(score), cell.detail].join(GAP).trimEnd(), columns);
  });
  return [...table, cut(summary(lines, jobs), columns)];
}

interface Cells {
  name: string;
  state: string;
  left: string;
  score: string;
  detail: string;
}

function cellsOf({ name, state }: RunLine): Cells {
  const progress =
    state.is === "running" ? state.progress : state.is === "elsewhere" ? state.attempt.progress : undefined;
  const { phase = "starting", fraction = 0, secondsLeft, detail = "", score } = progress ?? {};
  const working = state.is === "running" || state.is === "elsewhere";
  const where = state.is === "elsewhere" ? `${placeWords(state.attempt)}, ` : "";
  return {
    name,
    state: !working ? state.is : detail === "" ? phase : `${phase} ${Math.floor(100 * fraction)} %`,
    left: working && secondsLeft !== undefined ? shownDuration(secondsLeft) : "",
    score: score === undefined ? "" : score.toFixed(3),
    detail: working
      ? `${where}${detail}`
      : state.is === "failed"
        ? state.error.message.split("\n")[0]!
        : state.is === "queued"
          ? state.says
          : "",
  };
}

/** Where an attempt is made: "slurm 12_3 on node7", "process 4711 on laptop". */
export function placeWords({ place, holder: { pid, host } }: Attempt): string {
  return `${place ?? `process ${pid}`} on ${host}`;
}

/** Such as "3 of 24 done, 1 failed, 20 waiting; about 12 min 30 s left". */
function summary(lines: readonly RunLine[], jobs: number): string {
  const count = (...states: WorkState["is"][]) => lines.filter(({ state }) => states.includes(state.is)).length;
  const parts = [`${count("done")} of ${lines.length} done`];
  for (const is of ["failed", "cancelled", "waiting", "queued"] as const)
    if (count(is) > 0) parts.push(`${count(is)} ${is}`);
  if (count("elsewhere") > 0) parts.push(`${count("elsewhere")} elsewhere`);
  const left = secondsLeftOf(lines, jobs);
  return `${parts.join(", ")}${left === undefined ? "" : `; about ${shownDuration(left)} left`}`;
}

/** Of all: those that wait take as long as those that were seen; undefined until one can be told. */
export function secondsLeftOf(lines: readonly RunLine[], jobs: number): number | undefined {
  let [left, known, whole] = [0, 0, 0];
  let waiting = 0;
  // What a cluster has is carried out by as many at once as are seen to be.
  const isPlaced = lines.some(({ state }) => state.is === "queued");
  const placed = lines.filter(({ state }) => state.is === "elsewhere").length;
  const atOnce = isPlaced ? Math.max(1, placed) : jobs;
  for (const { state, seconds } of lines) {
    const secondsLeft = progressOf(state, isPlaced)?.secondsLeft;
    if (isWaiting(state) || (state.is === "running" && secondsLeft === undefined)) waiting++;
    if (secondsLeft !== undefined) left += secondsLeft;
    if (seconds !== undefined && (secondsLeft !== undefined || (state.is === "done" && (state.here || isPlaced)))) {
      known++;
      whole += seconds + (secondsLeft ?? 0);
    }
  }
  if (left === 0 && waiting === 0) return undefined;
  if (known === 0) return undefined;
  return (left + waiting * (whole / known)) / atOnce;
}

function progressOf(state: WorkState, isPlaced: boolean) {
  if (state.is === "running") return state.progress;
  return isPlaced && state.is === "elsewhere" ? state.attempt.progress : undefined;
}

const isWaiting = ({ is }: WorkState) => is === "waiting" || is === "queued";

/** The end of a name tells more than its middle: the seed stands there. */
function shortened(name: string, length: number): string {
  if (name.length <= length) return name;
  const end = Math.floor((length - 3) / 2);
  return `${name.slice(0, length - 3 - end)}...${name.slice(name.length - end)}`;
}

/** The last column stays empty: some terminals go on to the next line after it. */
function cut(text: string, columns: number): string {
  return text.length < columns ? text : text.slice(0, Math.max(0, columns - 1));
}
