// An ended item as it came, at its own pace.

export class Replay {
  /** `whole` is the replay of the item that this one is a step of: both go by one clock. */
  constructor(item, whole = null) {
    this.item = item;
    this.start = whole ? whole.start : item.start;
    this.from = whole ? whole.from : performance.now();
    this.stop = 0;
  }

  /** Milliseconds since the replay began. */
  now() {
    return performance.now() - this.from;
  }

  /** How many chunks have come by now. */
  arrived() {
    const { chunks } = this.item;
    while (this.stop < chunks.length && chunks[this.stop].at - this.start <= this.now()) this.stop += 1;
    return this.stop;
  }

  figures() {
    const texts = this.item.chunks.slice(0, this.stop).filter(({ readable }) => readable).length;
    const { ttft } = this.item.figures();
    return { ttft: texts ? ttft : null, e2e: null, chunks: texts, speed: null, estimated: false };
  }
}
