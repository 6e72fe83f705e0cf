// What a person does in a run view, by pointer and key.

import { copyText, writeSwitches } from "./browser.js";
import { fill, several } from "./format.js";
import { chunkAt } from "./gaps.js";
import { set } from "./parts.js";

export function listen(view) {
  const { parts } = view;
  parts.boundaries.onclick = () => view.toggle("boundaries");
  parts.spaces.onclick = () => view.toggle("spaces");
  parts.copy.onclick = () => copy(view, view.item.chunks.filter(({ kind }) => kind === "text"), "");
  parts.copyParted.onclick = () => copy(view, view.item.chunks, parts.separator.value);
  parts.separator.value = view.switches.separator;
  parts.separator.oninput = () => {
    view.switches.separator = parts.separator.value;
    writeSwitches(view.switches);
  };
  parts.replay.onclick = () => (view.replay ? view.endReplay() : view.startReplay());
  parts.again.onclick = () => view.trigger("again", view.run.id);
  parts.earlier.onclick = () => view.choose(view.index - 1);
  parts.later.onclick = () => view.choose(view.index + 1);
  parts.itemNumber.onchange = () => view.choose(Math.round(Number(parts.itemNumber.value)) - 1);
  parts.box.addEventListener("scroll", () => view.scrolled(), { passive: true });
  parts.box.onpointermove = ({ target }) => view.point(target.chunk ?? null);
  parts.box.onpointerleave = () => view.point(null);
  parts.box.onblur = () => view.point(null);
  parts.box.onclick = ({ target }) => view.pick(target.chunk ?? null);
  parts.box.onkeydown = (event) => view.key(event);
  parts.strip.onpointermove = ({ offsetX }) => view.point(chunkAt(parts.strip, view.item, offsetX));
  parts.strip.onpointerleave = () => view.point(null);
  view.press();
}

async function copy({ parts, words }, chunks, separator) {
  const text = chunks.map((chunk) => separator + chunk.text).join("");
  await copyText(text, parts.root);
  set(parts.reading, fill(several(words, words.copied, text.length), { characters: text.length }));
}
