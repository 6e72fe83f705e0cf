// The elements of a run view. Text goes in by textContent only: what a model sends is never markup.

export function element(tag, className = "", text = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

/** Gives `node` this text, unless it has it. */
export function set(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** Builds the view's elements below `root` and returns them by name; `label(words)` gives them their words. */
export function template(root) {
  const parts = { root: element("section", "run-view") };
  parts.root.dataset.testid = "run-view";
  const label = [head(parts), troubles(parts), answer(parts), tools(parts)];
  parts.columns = element("div", "columns");
  parts.root.append(parts.head, parts.lost, parts.itemRow, parts.frame, parts.columns, parts.tools);
  root.append(parts.root);
  parts.label = (words) => label.forEach((give) => give(words));
  return parts;
}

function head(parts) {
  parts.head = element("div", "head");
  parts.status = element("div", "status");
  parts.status.dataset.testid = "run-status";
  parts.status.setAttribute("role", "status");
  parts.statusText = element("span", "word");
  parts.status.append(element("i", "mark"), parts.statusText);
  parts.simulated = element("span", "badge");
  parts.simulated.dataset.testid = "simulated";
  parts.figures = element("dl", "figures");
  parts.figures.append(...["ttft", "chunks", "speed", "elapsed"].map((name) => figure(parts, name)));
  parts.head.append(parts.status, parts.simulated, parts.figures);
  parts.lost = element("p", "lost");
  parts.lost.hidden = true;
  parts.lost.dataset.testid = "run-lost";
  items(parts);
  return (words) => {
    for (const name of ["ttft", "chunks", "speed", "itemE2e"]) {
      parts[`${name}Label`].textContent = words[name];
      parts[`${name}Pair`].title = words[`${name}_help`];
    }
    parts.simulated.textContent = words.simulated;
    parts.simulated.title = words.simulated_help;
    parts.lost.textContent = words.lost;
    parts.earlier.setAttribute("aria-label", words.earlier);
    parts.later.setAttribute("aria-label", words.later);
    parts.itemNumber.setAttribute("aria-label", words.item_number);
  };
}

/** The row that chooses an item of a batch, with the figures of that item. */
function items(parts) {
  parts.itemRow = element("div", "items");
  parts.earlier = button("‹");
  parts.later = button("›");
  parts.itemBefore = element("span");
  parts.itemNumber = element("input", "number");
  parts.itemNumber.type = "number";
  parts.itemNumber.min = "1";
  parts.itemNumber.dataset.testid = "item-number";
  parts.itemText = element("span");
  parts.itemStatus = element("span", "word");
  parts.itemStatus.dataset.testid = "item-status";
  parts.itemFigures = element("dl", "figures");
  figure(parts, "itemE2e");
  parts.itemRow.append(parts.earlier, parts.itemBefore, parts.itemNumber, parts.itemText, parts.later);
  parts.itemRow.append(parts.itemStatus, parts.itemFigures);
}

export function figure(parts, name) {
  parts[`${name}Label`] = element("dt");
  parts[name] = element("dd", "", "–");
  parts[name].dataset.testid = `figure-${name}`;
  parts[`${name}Pair`] = element("div", name);
  parts[`${name}Pair`].append(parts[`${name}Label`], parts[name]);
  return parts[`${name}Pair`];
}

export function troubles(parts) {
  parts.notes = element("div", "notes");
  parts.notes.hidden = true;
  parts.retries = element("ol", "retries");
  parts.cut = element("p", "cut");
  parts.cut.dataset.testid = "run-cut";
  parts.trouble = element("div", "trouble");
  parts.trouble.dataset.testid = "run-trouble";
  parts.trouble.hidden = true;
  parts.what = element("p", "what");
  parts.todo = element("p", "todo");
  parts.detail = element("details");
  const summary = element("summary");
  parts.detailText = element("pre");
  parts.detail.append(summary, parts.detailText);
  parts.again = button("");
  parts.trouble.append(parts.what, parts.todo, parts.again, parts.detail);
  parts.notes.append(parts.retries, parts.cut, parts.trouble);
  return (words) => {
    summary.textContent = words.detail;
    parts.again.textContent = words.again;
    parts.cut.textContent = words.cut_help;
  };
}

export function answer(parts) {
  parts.frame = element("div", "frame");
  parts.box = element("div", "box");
  parts.box.tabIndex = 0;
  parts.box.setAttribute("role", "region");
  parts.answer = element("div", "answer");
  parts.answer.dataset.testid = "run-text";
  parts.box.append(parts.answer);
  const room = element("div", "room");
  room.append(parts.box);
  parts.strip = document.createElement("canvas");
  parts.strip.className = "strip";
  parts.strip.setAttribute("role", "img");
  parts.reading = element("p", "reading");
  parts.reading.setAttribute("aria-live", "polite");
  parts.reading.dataset.testid = "chunk-reading";
  parts.frame.append(parts.notes, room, parts.strip, parts.reading);
  return (words) => {
    parts.box.setAttribute("aria-label", words.answer);
    parts.strip.setAttribute("aria-label", words.strip);
    parts.strip.title = words.strip;
    if (!parts.reading.textContent) parts.reading.textContent = words.reading;
  };
}

function tools(parts) {
  parts.tools = element("div", "tools");
  parts.boundaries = button("");
  parts.spaces = button("");
  parts.replay = button("");
  parts.copy = button("");
  parts.copyParted = button("");
  parts.separator = element("input", "separator");
  parts.separator.maxLength = 20;
  const parted = element("span", "parted");
  parted.append(parts.copyParted, parts.separator);
  parts.tools.append(parts.boundaries, parts.spaces, parts.replay, parts.copy, parted);
  for (const name of ["boundaries", "spaces", "replay", "copy"]) parts[name].dataset.testid = `tool-${name}`;
  parts.copyParted.dataset.testid = "tool-copy-parted";
  parts.separator.dataset.testid = "tool-separator";
  return (words) => {
    for (const name of ["boundaries", "spaces", "replay", "copy"]) {
      if (name !== "replay" || !parts.replay.textContent) parts[name].textContent = words[name];
      parts[name].title = words[`${name}_help`];
    }
    parts.copyParted.textContent = words.copy_parted;
    parts.copyParted.title = words.copy_parted_help;
    parts.separator.setAttribute("aria-label", words.separator);
  };
}

function button(text) {
  const made = element("button", "", text);
  made.type = "button";
  return made;
}
