// What the view asks of the browser: the clipboard, and a place for its switches.

import { element } from "./parts.js";

const SWITCHES = "lcel.run-view";

/** Copies text; over plain http, where there is no clipboard, by way of a selection below `root`. */
export async function copyText(text, root) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
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
