// Long lists get a search box; a choice under another choice shows only what belongs to it. The select stays the truth.
function narrow(select) {
  const form = select.form;
  const name = select.name.replace(/[^-]+$/, select.dataset.parent);
  const groups = [...select.querySelectorAll("optgroup")];
  const show = () => {
    const chosen = form.querySelector(`select[name="${name}"]`)?.value
      ?? form.querySelector(`input[name="${name}"]:checked`)?.value ?? "";
    const kept = select.value;
    select.replaceChildren(select.options[0], ...groups.filter((group) => !chosen || group.dataset.under === chosen));
    select.value = [...select.options].some((option) => option.value === kept) ? kept : "";
  };
  form.addEventListener("change", (event) => { if (event.target.name === name) show(); });
  show();
}

const MOST = 80;

function heading(text) {
  const head = document.createElement("li");
  head.role = "presentation";
  head.textContent = text;
  return head;
}

function entries(select, words) {
  const found = [];
  for (const option of select.options) {
    if (!option.value) continue;
    const group = option.parentElement.label || "";
    if (words.every((word) => `${group}${option.text}`.toLowerCase().includes(word))) found.push([option, group]);
  }
  return found;
}

function searchBox(select) {
  const input = document.createElement("input");
  const list = document.createElement("ul");
  const box = document.createElement("div");
  box.className = "search";
  list.className = "search-list";
  list.role = "listbox";
  list.id = `${select.id}-list`;
  list.hidden = true;
  Object.assign(input, { className: "select", type: "text", autocomplete: "off", id: select.id, role: "combobox" });
  input.placeholder = select.options[0].text;
  for (const name of ["aria-describedby", "aria-invalid"]) if (select.hasAttribute(name)) input.setAttribute(name, select.getAttribute(name));
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("aria-autocomplete", "list");
  select.id = `${select.id}-select`;
  select.hidden = true;
  box.append(input, list);
  select.before(box);
  return { input, list };
}

function search(select) {
  const { input, list } = searchBox(select);
  const label = () => {
    const option = select.selectedOptions[0];
    if (!option?.value) return "";
    const group = option.parentElement.label;
    return group ? `${group} ${option.text}` : option.text;
  };
  let active = -1;
  const close = () => { list.hidden = true; active = -1; input.setAttribute("aria-expanded", "false"); input.removeAttribute("aria-activedescendant"); };
  const take = (value) => {
    select.value = value;
    input.value = label();
    close();
    select.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const mark = (index) => {
    const rows = [...list.querySelectorAll('[role="option"]')];
    if (!rows.length) return;
    active = (index + rows.length) % rows.length;
    rows.forEach((row, number) => row.setAttribute("aria-selected", String(number === active)));
    rows[active].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", rows[active].id);
  };
  const open = (text) => {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    let group = "";
    list.replaceChildren();
    const found = entries(select, words);
    found.slice(0, MOST).forEach(([option, title], number) => {
      if (title !== group) {
        group = title;
        list.append(heading(title));
      }
      const row = document.createElement("li");
      row.role = "option";
      row.id = `${list.id}-${number}`;
      row.textContent = option.text;
      row.dataset.value = option.value;
      list.append(row);
    });
    if (found.length > MOST) {
      list.append(heading(select.dataset.more));
      list.lastChild.classList.add("search-more");
    }
    list.hidden = !list.children.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    active = -1;
  };
  input.value = label();
  input.addEventListener("focus", () => input.select());
  input.addEventListener("click", () => open(""));
  input.addEventListener("input", () => { if (!input.value.trim()) take(""); open(input.value); });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) open("");
      mark(active + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter" && active >= 0) {
      event.preventDefault();
      take(list.querySelectorAll('[role="option"]')[active].dataset.value);
    } else if (event.key === "Escape") { input.value = label(); close(); }
  });
  input.addEventListener("blur", () => setTimeout(() => { input.value = label(); close(); }, 150));
  list.addEventListener("pointerdown", (event) => {
    const row = event.target.closest('[role="option"]');
    event.preventDefault();
    if (row) take(row.dataset.value);
  });
  select.form?.addEventListener("change", (event) => { if (event.target !== select && !select.hidden) input.value = label(); });
}

export function startChoices(root) {
  for (const select of root.querySelectorAll("select[data-parent], select[data-search]")) {
    if (select.dataset.ready || !select.form) continue;
    select.dataset.ready = "1";
    if (select.dataset.parent) narrow(select);
    if ("search" in select.dataset) search(select);
  }
}
