// What every page needs: tokens for htmx, passing messages, dialogs, menus, focus. Every page also works without it.
(() => {
  "use strict";
  const root = document.documentElement;
  root.classList.add("scripted");
  const at = (id) => document.getElementById(id);
  const phrase = (name) => at("phrases")?.dataset[name] ?? "";
  const csrf = () => document.querySelector('meta[name="csrf-token"]')?.content ?? "";

  function say(text) {
    const line = at("announcer");
    if (line) line.textContent = text;
  }

  function toast(text, next = "", tone = "danger") {
    const template = at("toast-template");
    if (!template) return;
    const node = template.content.firstElementChild.cloneNode(true);
    if (tone !== "danger") node.classList.replace("toast-danger", `toast-${tone}`);
    node.querySelector(".toast-text").textContent = text;
    node.querySelector(".toast-next").textContent = next;
    const place = at("toasts");
    while (place.children.length > 3) place.firstElementChild.remove();
    place.append(node);
    if (tone !== "danger") setTimeout(() => node.remove(), 6000);
  }

  let running = 0;
  function busy(change) {
    running = Math.max(0, running + change);
    const bar = at("progress-bar");
    if (bar) bar.hidden = running === 0;
  }

  function problemOf(request) {
    try {
      const found = JSON.parse(request.responseText);
      return [found.title || phrase("failed"), found.detail || phrase("failedNext")];
    } catch {
      return [phrase("failed"), phrase("failedNext")];
    }
  }

  // Nobody asked for a part that loads with its page. When its case has left the reader's reach meanwhile, because they
  // have just sent it on, the part stays the link it is and nothing is said.
  function cameByItself({ elt, requestConfig }) {
    return /\bload\b/.test(elt.getAttribute("hx-trigger") ?? "") && !requestConfig.triggeringEvent;
  }

  function listenToRequests() {
    document.addEventListener("htmx:configRequest", (event) => {
      event.detail.headers["X-CSRFToken"] = csrf();
      event.detail.headers["Accept"] = "text/html, application/problem+json";
    });
    document.addEventListener("htmx:beforeRequest", () => busy(1));
    document.addEventListener("htmx:afterRequest", () => busy(-1));
    document.addEventListener("htmx:beforeSwap", (event) => {
      if (event.detail.xhr.status === 404 && cameByItself(event.detail)) {
        event.detail.isError = false;
        return;
      }
      if (!event.detail.xhr.getResponseHeader("Content-Type")?.startsWith("application/problem+json")) return;
      if (event.detail.shouldSwap) toast(...problemOf(event.detail.xhr)); // 422 counts as an answer, but this one is no page.
      event.detail.shouldSwap = false;
    });
    document.addEventListener("htmx:responseError", (event) => toast(...problemOf(event.detail.xhr)));
    document.addEventListener("htmx:sendError", () => toast(phrase("offline"), phrase("offlineNext")));
    document.addEventListener("htmx:timeout", () => toast(phrase("failed"), phrase("failedNext")));
    addEventListener("offline", () => toast(phrase("offline"), phrase("offlineNext"), "warning"));
    addEventListener("online", () => toast(phrase("online"), "", "success"));
  }

  function markPlace() {
    let best = null;
    const links = [...document.querySelectorAll(".rail-link, a.tab-bar-link")];
    for (const link of links) {
      const path = link.pathname;
      const fits = location.pathname === path || (path !== "/" && location.pathname.startsWith(path.replace(/\/?$/, "/")));
      if (fits && (best === null || path.length > best.length)) best = path;
    }
    for (const link of links) {
      if (link.pathname === best) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
  }

  function listenToSwaps() {
    document.addEventListener("htmx:afterSwap", (event) => {
      const target = event.detail.target; // A page restored from history has none.
      if (target?.id === "detail") {
        target.toggleAttribute("data-empty", !target.textContent.trim());
        target.scrollTop = 0;
        target.setAttribute("tabindex", "-1");
        target.focus({ preventScroll: true });
        say(document.title);
      } else if (target?.id === "main") {
        at("main")?.focus({ preventScroll: true });
        say(document.title);
      }
    });
    document.addEventListener("htmx:pushedIntoHistory", markPlace);
    document.addEventListener("htmx:load", (event) => prepare(event.target));
  }

  function openDialog(key) {
    const dialog = at(key);
    if (dialog instanceof HTMLDialogElement && !dialog.open) dialog.showModal();
    return dialog instanceof HTMLDialogElement;
  }

  function closeDetail() {
    const detail = at("detail");
    if (!detail || detail.hasAttribute("data-empty")) return false;
    detail.replaceChildren();
    detail.setAttribute("data-empty", "");
    const row = document.querySelector("tr.is-current a");
    if (detail.dataset.listUrl) history.replaceState(null, "", detail.dataset.listUrl);
    row?.focus();
    return true;
  }

  function fill(button) {
    const field = at(button.dataset.fill);
    if (!field) return;
    field.value = button.textContent.trim();
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  }

  const clicks = {
    // A link is the way without scripts; with them its dialog stands in for the page.
    "[data-dialog]": (element, event) => { if (openDialog(element.dataset.dialog) && element.href) event.preventDefault(); },
    "[data-dialog-close]": (element) => element.closest("dialog")?.close(),
    "[data-fill]": fill,
    "[data-print]": () => print(),
    ".toast-close": (element) => element.closest(".toast").remove(),
    "[data-detail-close]": (element, event) => { if (closeDetail()) event.preventDefault(); },
  };

  function listenToClicks() {
    document.addEventListener("click", (event) => {
      if (!(event.target instanceof Element)) return;
      for (const [selector, act] of Object.entries(clicks)) {
        const element = event.target.closest(selector);
        if (element) act(element, event);
      }
      if (event.target instanceof HTMLDialogElement) event.target.close();
      for (const menu of document.querySelectorAll("details[data-menu][open]")) {
        if (!menu.contains(event.target)) menu.open = false;
      }
      const row = event.target.closest("tr[data-row]");
      if (row && event.target.closest("[hx-get]")) markRow(row);
    });
  }

  function markRow(row) {
    for (const other of row.closest("table").querySelectorAll("tr.is-current")) other.classList.remove("is-current");
    row.classList.add("is-current");
  }

  function countSelected(form) {
    const boxes = [...form.querySelectorAll(".row-select")];
    const count = boxes.filter((box) => box.checked).length;
    const all = form.querySelector(".select-all");
    if (all) Object.assign(all, { checked: count > 0 && count === boxes.length, indeterminate: count > 0 && count < boxes.length });
    const bar = form.querySelector(".bulk");
    if (!bar) return;
    bar.toggleAttribute("data-empty", count === 0);
    bar.querySelector("[data-selected]").textContent = phrase("selected").replace("{count}", count);
  }

  function listenToChanges() {
    document.addEventListener("change", (event) => {
      const box = event.target;
      const form = box.closest("form[data-select]");
      if (form && box.matches(".select-all")) for (const other of form.querySelectorAll(".row-select")) other.checked = box.checked;
      if (form) countSelected(form);
      if (box.matches("form[data-auto] select")) box.form.requestSubmit();
    });
    document.addEventListener("submit", (event) => {
      const form = event.target;
      if (form.method === "dialog" || event.defaultPrevented || form.hasAttribute("hx-post") || form.hasAttribute("hx-get")) return;
      if (form.dataset.sent) event.preventDefault(); // A second click sends nothing: the first is under way.
      if (form.method === "post") form.dataset.sent = "1";
      event.submitter?.setAttribute("aria-busy", "true");
    });
    addEventListener("pageshow", () => {
      for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
      for (const button of document.querySelectorAll('button[aria-busy="true"]:not([data-busy])')) button.removeAttribute("aria-busy");
    });
  }

  function prepare(part) {
    for (const form of part.querySelectorAll("form[data-select]")) countSelected(form);
    for (const link of part.querySelectorAll(".error-summary a[href^='#']")) {
      link.addEventListener("click", (event) => {
        const field = at(link.hash.slice(1));
        if (!field) return;
        event.preventDefault();
        field.focus();
        field.scrollIntoView({ block: "center" });
      });
    }
    part.querySelector(".error-summary[data-focus]")?.focus();
  }

  window.yiwang = Object.freeze({ say, toast, closeDetail, markRow, openDialog });
  listenToRequests();
  listenToSwaps();
  listenToClicks();
  listenToChanges();
  prepare(document);
})();
