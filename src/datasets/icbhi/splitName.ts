import { UserError } from "../../userError.js";
import { FOLDS, type Fold } from "./foldList.js";
import { ICBHI_DEVICES, type IcbhiDevice } from "./labels.js";

/** Splits that stand alone, and on which a device split can be built. */
export type BaseSplit = "official" | `fold${Fold}` | "patient-70-30";

export type IcbhiSplitName =
  | { kind: "base"; base: BaseSplit }
  | { kind: "official-patient-leak" }
  | { kind: "random-cycle"; trainPercent: 80 | 70 }
  | { kind: "device-only" | "device-excluded"; device: IcbhiDevice; base: BaseSplit | "all" };

const BASES: readonly BaseSplit[] = ["official", ...FOLDS.map((fold) => `fold${fold}` as const), "patient-70-30"];

/** Every name; `X` stands for a device. */
export const ICBHI_SPLIT_NAMES: readonly string[] = [
  "official",
  "official-patient-leak",
  ...FOLDS.map((fold) => `fold${fold}`),
  "random-cycle-80-20",
  "random-cycle-70-30",
  "patient-70-30",
  ...(["device-only", "device-excluded"] as const).flatMap((kind) =>
    ICBHI_DEVICES.map((device) => `${kind}:${device}`),
  ),
];

/**
 * Reads the name of a split. `device-only:X` and `device-excluded:X` are made from the official split; `@` names another
 * base, such as `device-excluded:Meditron@fold4`, and `@all` takes every recording of a device for one side.
 *
 * @throws UserError that lists the names
 */
export function parseIcbhiSplit(name: string): IcbhiSplitName {
  const base = BASES.find((one) => one === name);
  if (base) return { kind: "base", base };
  if (name === "official-patient-leak") return { kind: name };
  if (name === "random-cycle-80-20") return { kind: "random-cycle", trainPercent: 80 };
  if (name === "random-cycle-70-30") return { kind: "random-cycle", trainPercent: 70 };
  const match = /^(device-only|device-excluded):([^@]+)(?:@(.+))?$/.exec(name);
  if (match) {
    const device = ICBHI_DEVICES.find((one) => one === match[2]);
    if (!device) throw new UserError(`split "${name}": unknown device; the devices are ${ICBHI_DEVICES.join(", ")}`);
    const on = match[3] ?? "official";
    const of = on === "all" ? on : BASES.find((one) => one === on);
    if (!of) throw new UserError(`split "${name}": unknown base "${on}"; the bases are ${BASES.join(", ")}, all`);
    return { kind: match[1] as "device-only" | "device-excluded", device, base: of };
  }
  throw new UserError(`unknown split "${name}" of icbhi; the splits are ${ICBHI_SPLIT_NAMES.join(", ")}`);
}
