// Rows of a repeatable group, added and taken away without asking the server.
function rename(node, number) {
  for (const element of node.querySelectorAll("*")) {
    for (const attribute of ["id", "name", "for", "aria-describedby", "aria-labelledby", "data-field", "value"]) {
      const text = element.getAttribute(attribute);
      if (text && text.includes("__row__")) element.setAttribute(attribute, text.replaceAll("__row__", number));
    }
  }
}

function settle(group) {
  const rows = [...group.querySelectorAll("[data-row]")];
  rows.forEach((row, index) => { row.querySelector("[data-row-number]").textContent = index + 1; });
  const add = group.querySelector("[data-row-add]");
  if (add) add.hidden = rows.length >= Number(group.dataset.most);
}

function addRow(group, start) {
  const numbers = [...group.querySelectorAll(`input[name="${group.dataset.group}-row"]`)].map((input) => Number(input.value));
  const next = Math.max(-1, ...numbers) + 1;
  const piece = group.querySelector("[data-row-template]").content.cloneNode(true);
  rename(piece, String(next));
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
