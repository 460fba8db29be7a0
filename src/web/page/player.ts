import { make, part } from "./elements.js";
import type { Item } from "./item.js";

/** Plays the recording that is shown; a microphone's is not kept. */
export class Player {
  private readonly element = make("audio", { id: "player", controls: "", preload: "none", "aria-label": "Recording" });
  private address: string | undefined;

  /** @param onMove it is at another place */
  constructor(onMove: () => void) {
    part("toolbar").prepend(this.element);
    const playing = () => {
      onMove();
      if (!this.element.paused) requestAnimationFrame(playing);
    };
    this.element.onplay = playing;
    this.element.onseeked = onMove;
  }

  show(item: Item | undefined): void {
    const { element } = this;
    element.pause();
    if (this.address) URL.revokeObjectURL(this.address);
    this.address = item?.file && item.state !== "failed" ? URL.createObjectURL(item.file) : undefined;
    element.hidden = this.address === undefined;
    if (this.address) element.src = this.address;
    else element.removeAttribute("src");
  }

  toggle(): void {
    if (!this.address) return;
    if (this.element.paused) void this.element.play().catch(() => {});
    else this.element.pause();
  }

  seek(seconds: number): void {
    if (this.address) this.element.currentTime = seconds;
  }

  /** Where it is; undefined where it was not begun. */
  get seconds(): number | undefined {
    const { currentTime, paused } = this.element;
    return this.address && (currentTime > 0 || !paused) ? currentTime : undefined;
  }
}
