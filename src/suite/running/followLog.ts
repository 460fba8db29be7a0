import { closeSync, existsSync, openSync, readSync } from "node:fs";
import { folderStatus } from "./folderState.js";
import { logFile } from "./runLog.js";

const LOOK_MS = 300;

/**
 * Hands on what a log holds, piece by piece, and with `follow` what is added as long as a process has the work, or will come to it, and
 * nobody aborts.
 */
export async function readLog(
  folder: string,
  { follow, signal, write }: { follow: boolean; signal: AbortSignal; write(text: string): void },
): Promise<void> {
  const decoder = new TextDecoder();
  let at = 0;
  for (;;) {
    // Looked at before reading: what is written last is then read.
    const goesOn = follow && !signal.aborted && ["running", "waiting"].includes(folderStatus(folder).state);
    for (let piece = pieceAt(logFile(folder), at); piece.length > 0; piece = pieceAt(logFile(folder), at)) {
      at += piece.length;
      write(decoder.decode(piece, { stream: true }));
    }
    if (!goesOn) return;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

function pieceAt(file: string, at: number): Uint8Array {
  if (!existsSync(file)) return new Uint8Array();
  const handle = openSync(file, "r");
  try {
    const piece = new Uint8Array(65536);
    return piece.subarray(0, readSync(handle, piece, 0, piece.length, at));
  } finally {
    closeSync(handle);
  }
}
