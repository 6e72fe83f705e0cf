// What a person does with a run view's buttons and fields; see pane.js for the answer itself.

import { copyText, writeSwitches } from "./browser.js";
import { fill, several } from "./format.js";

export function listen(view) {
  const { parts } = view;
  parts.boundaries.onclick = () => view.toggle("boundaries");
  parts.spaces.onclick = () => view.toggle("spaces");
  parts.copy.onclick = () => copy(view, ({ kind }) => kind === "text", "");
  parts.copyParted.onclick = () => copy(view, () => true, parts.separator.value);
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
  view.press();
}

/** Copies the chunks that are `wanted`, each behind the separator; of branches each below its name. */
async function copy({ parts, words, columns, item, panes }, wanted, separator) {
  const said = ({ chunks }) => chunks.filter(wanted).map((chunk) => separator + chunk.text).join("");
  const named = columns.map(({ name }) => `# ${name}\n\n${said(item.step(name))}`);
  const text = columns.length ? named.join("\n\n") : said(item);
  await copyText(text, parts.root);
  const characters = [...text].length;
  const sentence = fill(several(words, words.copied, characters), { characters });
  for (const pane of panes) pane.say(sentence);
}
