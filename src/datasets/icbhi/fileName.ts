import { CHEST_LOCATIONS, type ChestLocation, ICBHI_DEVICES, type IcbhiDevice } from "./labels.js";

/** What a file name of ICBHI says. */
export interface IcbhiName {
  /** 101 to 226 in the release. */
  patient: string;
  /** Such as "1b1": session, and what the publisher does not explain. */
  recordingIndex: string;
  chestLocation: ChestLocation;
  /** Single channel (sequential) or multichannel (simultaneous). */
  mode: "sc" | "mc";
  device: IcbhiDevice;
}

/** In words, for messages. */
export const ICBHI_NAME_FORM = `patient_recordingIndex_chestLocation_mode_device, such as 101_1b1_Al_sc_Meditron (location ${CHEST_LOCATIONS.join(", ")}; mode sc or mc; device ${ICBHI_DEVICES.join(", ")})`;

/**
 * Reads `patient_recordingIndex_chestLocation_mode_device` (papers.md 0.1).
 * @param name base name without ending
 * @returns undefined where the name has another form
 */
export function parseIcbhiName(name: string): IcbhiName | undefined {
  const match = /^(\d{3})_([0-9a-z]+)_([A-Z][a-z])_(sc|mc)_(\w+)$/.exec(name);
  if (!match) return undefined;
  const [, patient, recordingIndex, location, mode, token] = match;
  const chestLocation = CHEST_LOCATIONS.find((one) => one === location);
  const device = ICBHI_DEVICES.find((one) => one === token);
  if (!chestLocation || !device) return undefined;
  return { patient: patient!, recordingIndex: recordingIndex!, chestLocation, mode: mode as "sc" | "mc", device };
}
