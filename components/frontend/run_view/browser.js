// What the view asks of the browser: the clipboard, and a place for its switches.

import { element } from "./parts.js";

const SWITCHES = "lcel.run-view";

/** Copies text; where there is no clipboard (plain http) or it is refused, by way of a selection below `root`. */
export async function copyText(text, root) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    copySelected(text, root);
  }
}

function copySelected(text, root) {
  const area = element("textarea", "offscreen");
  area.value = text;
  root.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}

export function readSwitches() {
  try {
    return { boundaries: true, spaces: false, separator: "!!", ...JSON.parse(localStorage.getItem(SWITCHES)) };
  } catch {
    return { boundaries: true, spaces: false, separator: "!!" };
  }
}

/** Storage may be forbidden; the switches then last as long as the page. */
export function writeSwitches(switches) {
  try {
    localStorage.setItem(SWITCHES, JSON.stringify(switches));
  } catch {
    return;
  }
}
