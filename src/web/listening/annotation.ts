import { parseIcbhiAnnotation } from "../../datasets/icbhi/annotation.js";
import { AnnotationError, parseSprSoundAnnotation } from "../../datasets/sprsound/annotation.js";
import { LONGEST_SECONDS } from "../../inference/standingPart.js";

/** A stretch that a person marked. */
export interface Mark {
  startSeconds: number;
  endSeconds: number;
  label: string;
}

export interface Annotation {
  /** By their starts. */
  marks: Mark[];
  /** Of the recording as a whole; SPRSound's have one. */
  recordLabel?: string;
  /** What was odd and could be mended or left out. */
  notes: string[];
}

/**
 * Reads what lies beside a recording: ICBHI's lines (`.txt`) or SPRSound's object (`.json`).
 * @param name of the file, whose ending decides
 * @throws AnnotationError saying what is wrong, and where
 */
export function readAnnotation(name: string, text: string): Annotation {
  return /\.json$/i.test(name) ? readSprSound(text) : readIcbhi(text);
}

function readSprSound(text: string): Annotation {
  const { recordLabel, events } = parseSprSoundAnnotation(text);
  const marks = events.map(({ startSeconds, endSeconds, type }) => ({ startSeconds, endSeconds, label: type }));
  return { marks: inOrder(marks), recordLabel, notes: [] };
}

function readIcbhi(text: string): Annotation {
  const { cycles, problems } = parseIcbhiAnnotation(text);
  const wrong = problems.find(({ severity }) => severity === "error");
  if (wrong)
    throw new AnnotationError(`${wrong.line === undefined ? "" : `line ${wrong.line} `}${wrong.what}`, wrong.line);
  const marks = cycles.map(({ startSeconds, endSeconds, label }) => ({ startSeconds, endSeconds, label }));
  const notes = problems
    .filter(({ severity }) => severity === "warning")
    .map(({ line, what }) => (line === undefined ? what : `line ${line}: ${what}`));
  return { marks: inOrder(marks), notes };
}

function inOrder(marks: Mark[]): Mark[] {
  return marks.sort((a, b) => a.startSeconds - b.startSeconds || a.endSeconds - b.endSeconds);
}

/**
 * Marks of a recording of `seconds`, cut at its end.
 * @returns those that can be used, and a sentence for each reason why others cannot
 */
export function usableMarks(marks: readonly Mark[], seconds: number): { marks: Mark[]; notes: string[] } {
  const notes: string[] = [];
  const keep = (some: readonly Mark[], why: string, isGood: (mark: Mark) => boolean) => {
    const good = some.filter(isGood);
    const left = some.length - good.length;
    if (left > 0)
      notes.push(`${left} of ${marks.length} annotated stretches ${left === 1 ? "is" : "are"} left out: ${why}`);
    return good;
  };
  const cut = marks.map((mark) => ({ ...mark, endSeconds: Math.min(mark.endSeconds, seconds) }));
  // A file's length is rarely a whole number of milliseconds: a sliver at its end is no cycle.
  const within = keep(
    cut,
    `behind the end of the recording (${seconds.toFixed(2)} s)`,
    (mark) => mark.endSeconds - mark.startSeconds >= 0.01,
  );
  const short = keep(
    within,
    `longer than ${LONGEST_SECONDS} s`,
    (mark) => mark.endSeconds - mark.startSeconds <= LONGEST_SECONDS,
  );
  return { marks: short, notes };
}
