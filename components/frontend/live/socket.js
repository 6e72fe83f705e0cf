// One socket a tab, shared by all views of its page. It re-attaches by itself, after the last number that it has seen.

const PING_MS = 5000;
const LONGEST_WAIT_MS = 2000;

const feeds = new Map(); // run id → Feed
let socket = null;
let failures = 0;
let timer = 0;
let heard = 0;

/** Follows `run` after number `feed.last`. A feed has `last`, `ended`, `take(frame)` and `connected(yes)`. */
export function follow(run, feed) {
  feeds.set(run, feed);
  if (socket?.readyState === WebSocket.OPEN) ask(run, feed);
  else connect();
}

export function unfollow(run) {
  if (feeds.delete(run)) send({ op: "unfollow", run });
}

function ask(run, feed) {
  send({ op: "follow", run, after: feed.last });
}

function send(order) {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(order));
}

function connect() {
  if (socket && socket.readyState <= WebSocket.OPEN) return;
  clearTimeout(timer);
  const address = new URL("../../api/live", import.meta.url);
  address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
  const opened = new WebSocket(address);
  socket = opened;
  opened.onopen = () => {
    failures = 0;
    heard = performance.now();
    for (const [run, feed] of feeds) {
      feed.connected(true);
      if (!feed.ended) ask(run, feed);
    }
  };
  opened.onmessage = ({ data }) => {
    heard = performance.now();
    const frame = JSON.parse(data);
    feeds.get(frame.run)?.take(frame);
  };
  opened.onclose = () => lost(opened);
}

function lost(closed) {
  if (closed !== socket) return;
  socket = null;
  const waiting = [...feeds.values()].filter((feed) => !feed.ended);
  for (const feed of waiting) feed.connected(false);
  if (!waiting.length) return;
  timer = setTimeout(connect, Math.min(LONGEST_WAIT_MS, 100 * 2 ** failures));
  failures += 1;
}

function drop() {
  const dropped = socket;
  if (!dropped) return;
  dropped.onclose = null;
  dropped.close();
  lost(dropped);
}

// A connection can be dead without being closed: ask when nothing is heard, give it up when nothing is answered.
setInterval(() => {
  if (![...feeds.values()].some((feed) => !feed.ended)) return;
  const silent = performance.now() - heard;
  if (socket?.readyState === WebSocket.OPEN && silent > 2 * PING_MS) drop();
  else if (silent > PING_MS) send({ op: "ping" });
}, PING_MS);
addEventListener("offline", drop);
addEventListener("online", () => feeds.size && connect());
