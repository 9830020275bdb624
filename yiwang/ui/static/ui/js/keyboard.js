// The staff side by keyboard. A key never fires while a person types, composes Chinese, or holds a modifier.
(() => {
  "use strict";
  let waitsForPlace = 0;

  const typing = (element) => element instanceof Element && (element.isContentEditable || element.matches("input:not([type=checkbox], [type=radio], [type=button]), select, textarea"));
  const rows = () => [...document.querySelectorAll("#main tr[data-row]")];

  function step(change) {
    const all = rows();
    if (!all.length) return;
    const now = all.findIndex((row) => row.classList.contains("is-current"));
    const next = all[Math.max(0, Math.min(all.length - 1, now < 0 ? 0 : now + change))];
    window.yiwang.markRow(next);
    next.querySelector("a")?.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  }

  function toggle() {
    document.querySelector("tr.is-current .row-select")?.click();
  }

  function close() {
    const menu = document.querySelector("details[data-menu][open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    } else window.yiwang.closeDetail();
  }

  function go(number) {
    document.querySelectorAll(".rail .rail-link")[number - 1]?.click();
  }

  const keys = {
    j: () => step(1),
    k: () => step(-1),
    x: toggle,
    n: () => document.querySelector('[rel="next"]')?.click(),
    p: () => document.querySelector('[rel="prev"]')?.click(),
    Enter: () => document.querySelector("tr.is-current a")?.click(),
    Escape: close,
    g: () => { waitsForPlace = Date.now(); },
  };

  function named(key) {
    const usable = (element) => !element.disabled && element.getClientRects().length > 0;
    const button = [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)].find(usable);
    if (button) return () => button.click();
    const target = document.querySelector(`[data-shortcut="${CSS.escape(key)}"]`);
    if (!target) return null;
    return () => (target.matches("input") ? target.select() || target.focus() : target.click());
  }

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (typing(event.target)) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    if (event.key === "Enter" && event.target !== document.body && !event.target.matches("main, #detail")) return;
    if (/^[1-9]$/.test(event.key) && Date.now() - waitsForPlace < 1500) {
      waitsForPlace = 0;
      event.preventDefault();
      go(Number(event.key));
      return;
    }
    const act = named(event.key) ?? keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
})();
