// Rows of a repeatable group, added and taken away without asking the server.
const NUMBERED = ["id", "name", "for", "aria-describedby", "aria-labelledby", "data-field"];

// Everything in `node` that speaks of row `from` of the group speaks of row `to` afterwards.
export function renumber(node, group, from, to) {
  const place = new RegExp(`(^|[\\s-])${group}([-.])${from}(?=[-.\\s]|$)`, "g");
  for (const element of node.querySelectorAll("*")) {
    for (const attribute of NUMBERED) {
      const text = element.getAttribute(attribute);
      if (text) element.setAttribute(attribute, text.replace(place, `$1${group}$2${to}`));
    }
    if (element.name === `${group}-row`) element.value = to;
    if (element.name === "form-remove") element.value = `${group}-${to}`;
  }
}

function settle(group) {
  const rows = [...group.querySelectorAll("[data-row]")];
  rows.forEach((row, index) => { row.querySelector("[data-row-number]").textContent = index + 1; });
  const add = group.querySelector("[data-row-add]");
  if (add) add.hidden = rows.length >= Number(group.dataset.most);
  for (const remove of group.querySelectorAll("[data-row-remove]")) remove.hidden = rows.length <= Number(group.dataset.least);
}

function addRow(group, start) {
  const numbers = [...group.querySelectorAll(`input[name="${group.dataset.group}-row"]`)].map((input) => Number(input.value));
  const next = Math.max(-1, ...numbers) + 1;
  const piece = group.querySelector("[data-row-template]").content.cloneNode(true);
  renumber(piece, group.dataset.group, "__row__", String(next));
  const row = piece.querySelector("[data-row]");
  group.querySelector("[data-rows]").append(piece);
  start(row);
  settle(group);
  row.querySelector("input:not([type=hidden]), select, textarea")?.focus();
}

export function startRows(root, start) {
  for (const group of root.querySelectorAll("[data-group]")) {
    if (group.dataset.ready) continue;
    group.dataset.ready = "1";
    settle(group);
    group.addEventListener("click", (event) => {
      if (event.target.closest("[data-row-add]")) {
        event.preventDefault();
        addRow(group, start);
      }
      const remove = event.target.closest("[data-row-remove]");
      if (remove) {
        event.preventDefault();
        remove.closest("[data-row]").remove();
        settle(group);
        group.querySelector("[data-row-add]")?.focus();
      }
      if (event.defaultPrevented) group.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }
}
