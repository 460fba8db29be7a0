import type { HoldOutGroup } from "../holdOut.js";
import type { IcbhiDevice } from "./labels.js";
import type { IcbhiRecording } from "./recording.js";
import type { CycleRef } from "./tasks.js";

/** Devices of each patient; most have one (papers.md 5.1). */
export function devicesByPatient(recordings: readonly IcbhiRecording[]): Map<string, ReadonlySet<IcbhiDevice>> {
  const devices = new Map<string, Set<IcbhiDevice>>();
  for (const { patient, device } of recordings) {
    const of = devices.get(patient) ?? new Set();
    devices.set(patient, of.add(device));
  }
  return devices;
}

/** Patients with their cycles by class and the device that most of them were recorded with, for stratified hold-outs. */
export function groupsByPatient(cycles: readonly CycleRef[]): HoldOutGroup[] {
  const patients = new Map<string, { counts: Record<string, number>; devices: Map<string, number> }>();
  for (const { recording, index } of cycles) {
    const { patient, device } = recording;
    const of = patients.get(patient) ?? { counts: {} as Record<string, number>, devices: new Map<string, number>() };
    patients.set(patient, of);
    const { label } = recording.cycles[index]!;
    of.counts[label] = (of.counts[label] ?? 0) + 1;
    of.devices.set(device, (of.devices.get(device) ?? 0) + 1);
  }
  return [...patients].map(([id, { counts, devices }]) => {
    const [device] = [...devices].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))[0]!;
    return { id, counts, device };
  });
}
