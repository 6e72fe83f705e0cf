// An ended item as it came, at its own pace.

export class Replay {
  constructor(item) {
    this.item = item;
    this.from = performance.now();
    this.stop = 0;
  }

  /** Milliseconds since the replay began. */
  now() {
    return performance.now() - this.from;
  }

  /** How many chunks have come by now. */
  arrived() {
    const { chunks, start } = this.item;
    while (this.stop < chunks.length && chunks[this.stop].at - start <= this.now()) this.stop += 1;
    return this.stop;
  }

  get over() {
    return this.stop >= this.item.chunks.length;
  }

  figures() {
    const texts = this.item.chunks.slice(0, this.stop).filter(({ readable }) => readable).length;
    const { ttft } = this.item.figures();
    return { ttft: texts ? ttft : null, e2e: null, chunks: texts, speed: null, estimated: false };
  }
}
