// What a measured page notes about itself; runs before its own scripts, the same in every page.
// Instants are Unix time in ms by the page's clock, which `drift` compares with the machine's.
(() => {
  const now = () => performance.timeOrigin + performance.now();
  const probe = { bytes: {}, orders: [], frames: null, tasks: [] };
  globalThis.probe = probe;

  globalThis.WebSocket = class extends WebSocket {
    constructor(...given) {
      super(...given);
      const { pathname } = new URL(this.url);
      probe.bytes[pathname] ??= 0;
      this.addEventListener("message", ({ data }) => {
        probe.bytes[pathname] += data.length ?? data.byteLength ?? data.size;
        probe.frames?.push([now(), data]);
      });
    }
    send(data) {
      probe.orders.push(now());
      super.send(data);
    }
  };

  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) probe.tasks.push([performance.timeOrigin + startTime, duration]);
  }).observe({ type: "longtask", buffered: true });

  // Notes when which token was first in the document below `root`, by the ends of the texts that change.
  probe.watch = (root, tokens) => {
    probe.seen = [];
    probe.tasks = [];
    probe.before = { ...probe.bytes };
    let highest = -1;
    probe.complete = new Promise((resolve, reject) => {
      setTimeout(() => reject(new Error(`token ${highest} was the last to be seen`)), 60_000);
      const observer = new MutationObserver((records) => {
        const at = now();
        const number = Math.max(...records.map(newest));
        if (number > highest) probe.seen.push([at, (highest = number)]);
        if (highest < tokens - 1) return;
        observer.disconnect();
        resolve();
      });
      observer.observe(root, { subtree: true, childList: true, characterData: true });
    });
  };

  function newest({ type, target, addedNodes }) {
    const node = type === "characterData" ? target : addedNodes[addedNodes.length - 1];
    const text = node ? (node.data ?? node.textContent) : "";
    const at = text.lastIndexOf("w");
    const number = at < 0 ? NaN : Number.parseInt(text.slice(at + 1, at + 6), 10);
    return Number.isNaN(number) ? -1 : number;
  }

  // How far the page's clock is ahead of the machine's: Date.now() is that clock, in whole ms, right after it steps.
  probe.drift = () => {
    const apart = [];
    for (let i = 0; i < 20; i += 1) {
      const before = Date.now();
      let tick = before;
      while (tick === before) tick = Date.now();
      apart.push(now() - tick);
    }
    return Math.min(...apart);
  };
})();
