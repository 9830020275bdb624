// Work lists: counts that stay true, a list that follows what is done beside it, addresses without empty filters.
(() => {
  "use strict";
  if (window.yiwangLists) return;
  window.yiwangLists = true;
  const PAUSE = 30000;
  const list = () => document.getElementById("work-list");

  function poll() {
    const figures = document.querySelector("[data-poll]");
    if (figures && !document.hidden && !document.querySelector("dialog[open]")) window.htmx.trigger(figures, "poll");
  }

  async function reload() {
    const shown = list();
    if (!shown || shown.querySelector(".row-select:checked")) return;
    const current = shown.querySelector("tr.is-current")?.dataset.row;
    await window.htmx.ajax("GET", shown.dataset.list, { target: "#work-list", select: "#work-list", swap: "outerHTML" });
    const row = current && list()?.querySelector(`tr[data-row="${CSS.escape(current)}"]`);
    if (row) window.yiwang.markRow(row);
    poll();
  }

  setInterval(poll, PAUSE);
  document.addEventListener("visibilitychange", poll);
  document.addEventListener("case-moved", reload);
  document.addEventListener("htmx:configRequest", (event) => {
    if (!event.target.matches?.("form.work-filters")) return;
    const sent = event.detail.parameters;
    for (const name of Object.keys(sent)) if (sent[name] === "") delete sent[name];
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("#work-list form[data-select], .work-ask") || !window.htmx) return;
    event.preventDefault();
    const values = new FormData(form, event.submitter);
    if (list()) values.set("back", list().dataset.list);
    window.htmx.ajax("POST", form.getAttribute("action"), { target: "#main", select: "#main", swap: "outerHTML show:window:top", values: fields(values) });
  }, true);

  function fields(data) {
    const found = {};
    for (const name of new Set(data.keys())) {
      const all = data.getAll(name);
      found[name] = all.length > 1 ? all : all[0];
    }
    return found;
  }
})();
