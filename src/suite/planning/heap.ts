/** A binary heap: what is first by an order can be looked at and taken, whatever comes meanwhile. */
export class Heap<T> {
  private items: T[] = [];
  private readonly compare: (a: T, b: T) => number;

  /** @param compare below 0 where the first comes before the second */
  constructor(compare: (a: T, b: T) => number) {
    this.compare = compare;
  }

  get size(): number {
    return this.items.length;
  }

  /** What `pop` would take. */
  get first(): T | undefined {
    return this.items[0];
  }

  push(item: T): void {
    const { items, compare } = this;
    let at = items.length;
    items.push(item);
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (compare(item, items[above]!) >= 0) break;
      items[at] = items[above]!;
      at = above;
    }
    items[at] = item;
  }

  pop(): T | undefined {
    const { items } = this;
    const first = items[0];
    const last = items.pop();
    if (items.length > 0) this.sink(last!);
    return first;
  }

  /** Drops all others. */
  keep(wanted: (item: T) => boolean): void {
    const kept = this.items.filter(wanted);
    if (kept.length === this.items.length) return;
    this.items = [];
    for (const item of kept) this.push(item);
  }

  /** Puts an item at the root where it belongs. */
  private sink(item: T): void {
    const { items, compare } = this;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= items.length) break;
      if (below + 1 < items.length && compare(items[below + 1]!, items[below]!) < 0) below++;
      if (compare(item, items[below]!) <= 0) break;
      items[at] = items[below]!;
      at = below;
    }
    items[at] = item;
  }
}
