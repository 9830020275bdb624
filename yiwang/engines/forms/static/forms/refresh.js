// Fields that depend on others: ask the server which are there now, and put only what changed into the page.
import { renumber } from "./rows.js";

const PAUSE = 250;

function formData(form) {
  const data = new FormData(form);
  for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
  for (const name of [...data.keys()]) if (name.endsWith("-drawn")) data.delete(name);
  data.set("form-refresh", "1");
  return data;
}

// The server counts rows from 0; here a row keeps its number when one before it went. The last first: none collide.
function align(now, next) {
  for (const group of now.querySelectorAll("[data-group]")) {
    const name = group.dataset.group;
    const numbers = [...group.querySelectorAll(`input[name="${name}-row"]`)].map((input) => input.value);
    const rows = [...next.querySelectorAll(`[data-group="${name}"] [data-row]`)].slice(0, numbers.length);
    rows.reverse().forEach((row, back) => renumber(row, name, rows.length - 1 - back, numbers[rows.length - 1 - back]));
  }
}

function merge(now, next, start) {
  align(now, next);
  const have = new Map([...now.querySelectorAll("[data-field]")].map((node) => [node.dataset.field, node]));
  const wanted = [...next.querySelectorAll("[data-field]")];
  const names = new Set(wanted.map((node) => node.dataset.field));
  for (const [name, node] of have) if (!names.has(name)) node.remove();
  let last = null;
  for (const node of wanted) {
    const old = have.get(node.dataset.field);
    const nested = node.parentElement.closest("[data-field]");
    if (nested && !have.has(nested.dataset.field)) continue;
    if (old && old.isConnected) {
      if ("volatile" in node.dataset && !old.contains(document.activeElement) && old.innerHTML !== node.innerHTML) {
        old.replaceChildren(...document.importNode(node, true).childNodes);
        start(old);
      }
      last = old;
      continue;
    }
    const fresh = document.importNode(node, true);
    const sibling = last && last.parentElement && (!nested || last.closest("[data-row]")) ? last : null;
    if (sibling) sibling.after(fresh);
    else place(now, node, fresh);
    start(fresh.parentElement);
    last = fresh;
  }
}

function place(now, node, fresh) {
  let after = node.nextElementSibling;
  while (after && !after.dataset.field) after = after.nextElementSibling;
  const stand = after && now.querySelector(`[data-field="${after.dataset.field}"]`);
  if (stand) stand.before(fresh);
  else now.append(fresh);
}

async function refresh(box, form, start, turn) {
  const answer = await fetch(form.action || location.href, {
    method: "POST", body: formData(form), credentials: "same-origin", headers: { "X-Form-Refresh": "1" },
  });
  if (!answer.ok && answer.status !== 422) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const next = page.querySelector(`[data-form-fields="${box.dataset.formFields}"]`);
  if (next && turn === box.dataset.turn) merge(box, next, start);
}

// Whoever is quick fills in before this script has come; a page restored by the browser comes filled in too.
function isTouched(box) {
  return [...box.querySelectorAll("input, textarea, select")].some((input) => {
    if (input instanceof HTMLSelectElement) return [...input.options].some((one) => one.selected !== one.defaultSelected);
    if (input.type === "radio" || input.type === "checkbox") return input.checked !== input.defaultChecked;
    return input.type !== "file" && input.type !== "hidden" && input.value !== input.defaultValue;
  });
}

export function startRefresh(root, start) {
  for (const box of root.querySelectorAll("[data-form-fields][data-live]")) {
    const form = box.closest("form");
    if (!form || box.dataset.readyLive) continue;
    box.dataset.readyLive = "1";
    let timer = 0;
    box.addEventListener("change", () => {
      clearTimeout(timer);
      box.dataset.turn = String(Number(box.dataset.turn || 0) + 1);
      const turn = box.dataset.turn;
      timer = setTimeout(() => refresh(box, form, start, turn).catch(() => {}), PAUSE);
    });
    if (isTouched(box)) box.dispatchEvent(new Event("change"));
  }
}
