/** What of an AudioWorklet's scope is used; the compiler's library for pages does not have it. */
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(name: string, processor: new () => AudioWorkletProcessor): void;

/** Samples of one message: 43 to 256 ms at the rates that microphones have. */
const PIECE = 2048;

/**
 * Passes what the microphone hears on to the workers, by ports that the page hands through: the page itself, which may be busy drawing,
 * is not asked. Several channels are averaged.
 */
class Tap extends AudioWorkletProcessor {
  private targets: readonly MessagePort[] = [];
  private piece = new Float32Array(PIECE);
  private filled = 0;
  private ended = false;

  constructor() {
    super();
    this.port.onmessage = ({ data }: MessageEvent<readonly MessagePort[] | "end">) => {
      if (data !== "end") this.targets = data;
      else {
        this.send();
        for (const target of this.targets) target.postMessage("end");
        this.ended = true;
      }
    };
  }

  process([channels]: Float32Array[][]): boolean {
    const count = channels?.length ?? 0;
    for (let i = 0, length = channels?.[0]?.length ?? 0; i < length; i++) {
      let sum = 0;
      for (let channel = 0; channel < count; channel++) sum += channels![channel]![i]!;
      this.piece[this.filled++] = sum / count;
      if (this.filled === PIECE) this.send();
    }
    return !this.ended;
  }

  private send(): void {
    for (const target of this.targets) {
      const samples = this.piece.slice(0, this.filled);
      target.postMessage(samples, [samples.buffer]);
    }
    this.filled = 0;
  }
}

registerProcessor("tap", Tap);
