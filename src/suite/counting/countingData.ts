import { findIcbhi } from "../../datasets/icbhi/layout.js";
import { type Icbhi, loadIcbhi } from "../../datasets/icbhi/load.js";
import { ICBHI_PUBLISHED } from "../../datasets/icbhi/published.js";
import { sidesOf } from "../../datasets/icbhi/sides.js";
import { parseIcbhiSplit } from "../../datasets/icbhi/splitName.js";
import { cycleId } from "../../datasets/icbhi/tasks.js";
import { findSprSound } from "../../datasets/sprsound/layout.js";
import { loadSprSound, type SprSound } from "../../datasets/sprsound/load.js";
import { SPRSOUND_PUBLISHED } from "../../datasets/sprsound/published.js";
import { UserError } from "../../userError.js";
import { icbhiAnnotationsDigest, sprSoundAnnotationsDigest } from "./annotationsDigest.js";
import { type CountedItem, icbhiCycles, type SprSoundItem, sprSoundEvents, sprSoundRecordings } from "./countedItem.js";

/** Why something is not counted here, as the end of a sentence; the query itself is right. */
export class NotCounted extends Error {}

interface CountableIcbhi {
  data: Icbhi;
  cycles: readonly CountedItem[];
  /** The cycles on a side of a split. */
  side(split: string, side: "train" | "test"): readonly CountedItem[];
  digest: string;
}

interface CountableSprSound {
  data: SprSound;
  events: readonly SprSoundItem[];
  recordings: readonly SprSoundItem[];
  digest: string;
}

/** The sets of the release of 2022. */
export const RELEASE_2022 = ["train2022", "inter2022", "intra2022"] as const;

/** The annotations in a data folder, each data set read when it is first asked for, and once. */
export class CountingData {
  private icbhiRead: CountableIcbhi | NotCounted | undefined;
  private sprsoundRead: CountableSprSound | NotCounted | undefined;

  /** @param dataDir the folder that holds the data sets; undefined: none is read */
  constructor(private readonly dataDir: string | undefined) {}

  /** @throws NotCounted where it is not there, cannot be read, or is there in part */
  icbhi(): CountableIcbhi {
    this.icbhiRead ??= orNotCounted(() => readIcbhi(this.wanted()));
    if (this.icbhiRead instanceof NotCounted) throw this.icbhiRead;
    return this.icbhiRead;
  }

  /** @throws NotCounted where it is not there, or cannot be read */
  sprsound(): CountableSprSound {
    this.sprsoundRead ??= orNotCounted(() => readSprSound(this.wanted()));
    if (this.sprsoundRead instanceof NotCounted) throw this.sprsoundRead;
    return this.sprsoundRead;
  }

  private wanted(): string {
    if (this.dataDir === undefined) throw new NotCounted("no data was asked for");
    return this.dataDir;
  }
}

/** What it answers or why not; a wrong file is told as the loader tells it, in one line. */
export function orNotCounted<T>(read: () => T): T | NotCounted {
  try {
    return read();
  } catch (error) {
    if (error instanceof NotCounted) return error;
    if (error instanceof UserError) return new NotCounted(error.message.split("\n")[0]);
    throw error;
  }
}

function readIcbhi(dataDir: string): CountableIcbhi {
  if (orNotCounted(() => findIcbhi(dataDir)) instanceof NotCounted)
    throw new NotCounted("no icbhi data (AUSCULT_DATA)");
  const data = loadIcbhi(dataDir);
  const cycles = icbhiCycles(data);
  const whole = ICBHI_PUBLISHED;
  if (!data.madeUp && (data.recordings.length !== whole.recordings || cycles.length !== whole.cycles)) {
    throw new NotCounted(
      `icbhi is here in part: annotations of ${data.recordings.length} of ${whole.recordings} recordings, ${cycles.length} of ${whole.cycles} cycles`,
    );
  }
  const byId = new Map(cycles.map((cycle) => [cycle.id, cycle]));
  const sides = new Map<string, Record<"train" | "test", readonly CountedItem[]>>();
  return {
    data,
    cycles,
    side(split, side) {
      let both = sides.get(split);
      if (!both) {
        const { train, test } = sidesOf(data, parseIcbhiSplit(split));
        const items = (refs: typeof train) => refs.map((ref) => byId.get(cycleId(ref))!);
        both = { train: items(train), test: items(test) };
        sides.set(split, both);
      }
      return both[side];
    },
    digest: icbhiAnnotationsDigest(data),
  };
}

function readSprSound(dataDir: string): CountableSprSound {
  if (orNotCounted(() => findSprSound(dataDir)) instanceof NotCounted) {
    throw new NotCounted("no sprsound data (AUSCULT_DATA)");
  }
  const data = loadSprSound(dataDir);
  return {
    data,
    events: sprSoundEvents(data),
    recordings: sprSoundRecordings(data),
    digest: sprSoundAnnotationsDigest(data),
  };
}

/** @throws NotCounted where a set is not there, or only a part of it */
export function needWholeSet({ data }: CountableSprSound, set: string): void {
  const found = data.counts[set as keyof SprSound["counts"]]?.recordings ?? 0;
  if (found === 0) throw new NotCounted(`sprsound's ${set} is not there`);
  const whole = PUBLISHED_RECORDINGS[set];
  if (!data.madeUp && found !== whole) {
    throw new NotCounted(`sprsound's ${set} has ${found} of ${whole} recordings here`);
  }
}

const PUBLISHED_RECORDINGS: Readonly<Record<string, number>> = {
  ...SPRSOUND_PUBLISHED.setRecordings,
  test2023: 871,
};
