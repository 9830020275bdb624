// Makes forms quicker to fill in. Everything here has a way without it: the server draws and checks the same form.
import { startChoices } from "./choices.js";
import { startFiles } from "./files.js";
import { startPlaces } from "./places.js";
import { startRows } from "./rows.js";
import { startSignatures } from "./signatures.js";
import { startRefresh } from "./refresh.js";

function countLetters(root) {
  for (const area of root.querySelectorAll("textarea[data-count]")) {
    if (area.dataset.ready) continue;
    area.dataset.ready = "1";
    const line = document.createElement("p");
    line.className = "field-count";
    const show = () => {
      line.textContent = `${[...area.value].length} / ${area.maxLength}`;
    };
    area.addEventListener("input", show);
    area.after(line);
    show();
  }
}

export function start(root) {
  countLetters(root);
  startChoices(root);
  startFiles(root);
  startPlaces(root);
  startSignatures(root);
  startRows(root, start);
  startRefresh(root, start);
  const summary = root.querySelector(".error-summary[data-focus]");
  if (summary && !summary.dataset.ready) {
    summary.dataset.ready = "1";
    summary.focus();
  }
}

start(document);
document.addEventListener("htmx:load", (event) => start(event.target));
