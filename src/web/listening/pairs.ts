/** What a file that was dropped is taken for. */
export type Role = "recording" | "annotation" | "other";

/** By its ending; what is inside is looked at later. */
export function roleOf(name: string): Role {
  if (/\.(txt|json)$/i.test(name)) return "annotation";
  return /\.wave?$/i.test(name) ? "recording" : "other";
}

/** A name without folders and ending: an annotation has its recording's. */
export function stemOf(name: string): string {
  return name.replace(/^.*[/\\]/, "").replace(/\.[^.]*$/, "");
}

/**
 * Puts annotations beside recordings by name. A file with another ending is taken for a recording, so that the decoder says what it is.
 * @returns each recording with its annotation, if any, and annotations without a recording among these
 */
export function pairFiles<File extends { name: string }>(
  files: readonly File[],
): { pairs: { recording: File; annotation?: File }[]; lonely: File[] } {
  const annotations = new Map<string, File>();
  for (const file of files) if (roleOf(file.name) === "annotation") annotations.set(stemOf(file.name), file);
  const recordings = files.filter((file) => roleOf(file.name) !== "annotation");
  const pairs = recordings.map((recording) => {
    const annotation = annotations.get(stemOf(recording.name));
    return { recording, ...(annotation && { annotation }) };
  });
  const used = new Set(recordings.map(({ name }) => stemOf(name)));
  return { pairs, lonely: [...annotations].filter(([stem]) => !used.has(stem)).map(([, file]) => file) };
}
