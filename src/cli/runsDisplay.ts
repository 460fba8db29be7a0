import { shownDuration } from "../suite/html.js";
import { placeWords, type RunLine, runsTable } from "../suite/running/runsTable.js";
import type { WorkState } from "../suite/running/schedule.js";

const EVERY_MS = { terminal: 200, log: 15_000 } as const;

const isAtWork = ({ is }: WorkState) => is === "running" || is === "elsewhere";

interface Shown extends RunLine {
  startedMs?: number;
  /** On no terminal: when a line was last written of it, and of which phase. */
  toldMs?: number;
  toldPhase?: string;
}

/** Shows several runs on stderr: a table that is redrawn on a terminal, a line of each now and then in a log. */
export class RunsDisplay {
  private readonly terminal = process.stderr.isTTY === true;
  private readonly runs = new Map<string, Shown>();
  private jobs = 1;
  /** Lines of the table that stand on the terminal. */
  private drawn = 0;
  private drawnMs = -Infinity;
  private timer: NodeJS.Timeout | undefined;

  /** What is handed to those who carry out runs. */
  told(jobs: number) {
    this.jobs = jobs;
    return {
      onState: (what: { id: string; name: string }, state: WorkState) => this.show(what, state),
      say: (message: string) => this.say(message),
    };
  }

  show({ id, name }: { id: string; name: string }, state: WorkState): void {
    const before = this.runs.get(id);
    const startedMs = before?.startedMs ?? (isAtWork(state) ? performance.now() : undefined);
    const run: Shown = { ...before, name, state, ...(startedMs !== undefined && { startedMs }) };
    if (startedMs !== undefined && (isAtWork(state) || run.seconds === undefined || state.is === "done"))
      run.seconds = (performance.now() - startedMs) / 1000;
    this.runs.set(id, run);
    if (this.terminal) this.drawSoon();
    else this.tell(run);
  }

  /** A message on lines of its own. */
  say(message: string): void {
    this.erase();
    process.stderr.write(`${message}\n`);
    if (this.terminal && this.runs.size > 0) this.drawSoon();
  }

  end(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.erase();
    this.runs.clear();
  }

  private drawSoon(): void {
    if (this.timer) return;
    const wait = Math.max(0, this.drawnMs + EVERY_MS.terminal - performance.now());
    this.timer = setTimeout(() => this.draw(), wait);
    this.timer.unref();
  }

  /** In one piece, over what stands there: nothing is blank in between. */
  private draw(): void {
    this.timer = undefined;
    this.drawnMs = performance.now();
    const { columns = 80, rows = 24 } = process.stderr;
    const lines = runsTable([...this.runs.values()], this.jobs, { columns, rows });
    const up = this.drawn > 0 ? `\u001b[${this.drawn}A` : "";
    process.stderr.write(`\r${up}${lines.map((line) => `${line}\u001b[K\n`).join("")}\u001b[J`);
    this.drawn = lines.length;
  }

  private erase(): void {
    if (this.drawn > 0) process.stderr.write(`\r\u001b[${this.drawn}A\u001b[J`);
    this.drawn = 0;
  }

  private tell(run: Shown): void {
    const { state, name, toldMs = -Infinity, toldPhase } = run;
    const who = this.runs.size > 1 ? `${name}: ` : "";
    const now = performance.now();
    const progress =
      state.is === "running" ? state.progress : state.is === "elsewhere" ? state.attempt.progress : undefined;
    const phase = `${state.is} ${progress?.phase ?? ""}`;
    if (phase === toldPhase && now - toldMs < EVERY_MS.log) return;
    Object.assign(run, { toldMs: now, toldPhase: phase });
    const where = state.is === "elsewhere" ? placeWords(state.attempt) : "";
    if (!progress || progress.detail === "") {
      if (where && !toldPhase?.startsWith("elsewhere")) process.stderr.write(`${who}${where}; waiting for it\n`);
      if (state.is === "queued" && !toldPhase?.startsWith("queued")) process.stderr.write(`${who}${state.says}\n`);
      return;
    }
    const percent = `${Math.floor(100 * progress.fraction)}`.padStart(3);
    const left = progress.secondsLeft === undefined ? "" : `, ${shownDuration(progress.secondsLeft)} left`;
    process.stderr.write(`${who}${where && `${where}, `}${progress.phase} ${percent} %${left}: ${progress.detail}\n`);
  }
}
