// The phone page itself: which screen, what is saved, when the queue is sent.
(() => {
  "use strict";
  const store = self.patrolStore;
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const [words, addresses] = [read("phrases"), read("addresses")];
  const part = (id) => document.getElementById(id);
  const HOURS = 3600000, OLD = 72 * HOURS, KEPT = 7 * 24 * HOURS, EVERY = 60000;
  let correcting = null;
  let problem = "";

  const app = {
    words, plan: null, queue: [], visited: new Set(),
    async load() {
      app.plan = (await store.fact("plan")) ?? null;
      app.queue = await store.queue();
      app.visited = new Set(app.queue.filter((item) => item.place && item.state !== "returned").map((item) => item.place));
    },
    async save({ kind, place, title, spot, answers, instead }) {
      if (!spot.at) return app.toast(words.no_position);
      if (answers.missing) return app.toast(words.fill.replace("{title}", answers.missing));
      const photos = answers.photos;
      const item = {
        key: crypto.randomUUID(), user: app.plan.user, who: app.plan.name, kind, place, title, taken_at: spot.taken_at, ...spot.at, form: answers.form,
        photos: photos.map((photo) => photo.id), state: "waiting", message: "", number: "", late: false,
      };
      try {
        await store.add(item, photos);
        if (instead) await store.drop({ ...instead, photos: instead.photos.filter((id) => !item.photos.includes(id)) });
      } catch {
        return app.toast(words.full);
      }
      correcting = null;
      app.toast(words.kept);
      location.hash = "#queue";
      app.sync();
      return null;
    },
    async renew(item) {
      const photos = (await Promise.all(item.photos.map(store.photo))).filter(Boolean);
      const copies = photos.map((photo) => ({ ...photo, id: crypto.randomUUID() }));
      try { // the old one goes only when the new one is on the disk
        await store.add({ ...item, key: crypto.randomUUID(), photos: copies.map((photo) => photo.id), state: "waiting", message: "" }, copies);
      } catch {
        return app.toast(words.full);
      }
      await store.drop(item);
      app.sync();
      return null;
    },
    async correct(item) {
      const kept = (await Promise.all(item.photos.map(store.photo))).filter(Boolean);
      correcting = { ...item, kept };
      location.hash = `#visit/${item.place}`;
    },
    async drop(item) {
      await store.drop(item);
      show();
    },
    toast(text) {
      part("toast").textContent = text;
      part("toast").hidden = false;
      clearTimeout(app.timer);
      app.timer = setTimeout(() => { part("toast").hidden = true; }, 5000);
    },
    async sync() {
      if (!navigator.onLine) {
        await wake();
        return show();
      }
      problem = await self.patrolReplay(showQueue);
      if (problem === "failed") await wake();
      return show();
    },
  };

  // Asks the phone to send later even when the page is closed; where that is unknown the page sends when it is open.
  async function wake() {
    try { await (await navigator.serviceWorker.ready).sync?.register("reports"); } catch { /* refused: not needed */ }
  }

  function screen() {
    const [name, id] = location.hash.slice(1).split("/");
    return [name in self.patrolScreens ? name : "today", id ?? ""];
  }

  function note() {
    const { plan } = app;
    if (problem === "log in") return [words.log_in_first, addresses.log_in];
    if (plan && Date.now() - new Date(plan.fetched_at) > OLD) return [words.plan_old, ""];
    if (plan && Math.abs(plan.skew) > 120) return [words.skew.replace("{minutes}", Math.round(Math.abs(plan.skew) / 60)), ""];
    return problem === "failed" && navigator.onLine ? [words.failed, ""] : ["", ""];
  }

  function frame(name) {
    const [text, address] = note();
    part("note").hidden = !text;
    part("note").replaceChildren(text, address ? self.patrolMake("a", { class: "button", href: address }, words.log_in) : "");
    part("net").textContent = navigator.onLine ? words.online : words.offline;
    part("net").classList.toggle("net-off", !navigator.onLine);
    const waiting = app.queue.filter((item) => item.state !== "sent").length;
    part("count").hidden = !waiting;
    part("count").textContent = waiting;
    for (const tab of document.querySelectorAll("[data-tab]")) {
      if (tab.dataset.tab === name || (name === "visit" && tab.dataset.tab === "today")) tab.setAttribute("aria-current", "page");
      else tab.removeAttribute("aria-current");
    }
  }

  async function show() {
    await app.load();
    const [name, id] = screen();
    frame(name);
    const isForm = name === "visit" || name === "snap";
    if (isForm && part("main").dataset.screen === location.hash) return; // never wipe what somebody is typing
    part("main").dataset.screen = location.hash;
    const place = app.plan?.places.find((one) => one.id === id);
    const tab = document.querySelector(`[data-tab="${name}"]`);
    part("title").textContent = place?.name ?? (tab?.childNodes[1]?.textContent ?? "").trim();
    const parts = self.patrolScreens[name](app, id, correcting?.place === id ? correcting : undefined);
    part("main").replaceChildren(...[parts].flat().filter(Boolean));
  }

  async function showQueue() {
    await app.load();
    if (["queue", "today", "places"].includes(screen()[0])) await show();
    else frame(screen()[0]);
  }

  async function tidy() {
    for (const item of await store.queue()) {
      if (item.state === "sent" && Date.now() - new Date(item.taken_at) > KEPT) await store.drop(item);
    }
  }

  async function begin() {
    await store.keepFact("addresses", addresses);
    await tidy();
    await show();
    if ("serviceWorker" in navigator) await navigator.serviceWorker.register(addresses.worker, { scope: addresses.scope });
    navigator.storage?.persist?.();
    await app.sync();
    document.documentElement.dataset.ready = "1";
  }

  addEventListener("hashchange", () => { show(); scrollTo(0, 0); part("main").focus({ preventScroll: true }); });
  addEventListener("online", app.sync);
  addEventListener("offline", show);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) app.sync(); });
  setInterval(() => { if (app.queue.some((item) => item.state === "waiting")) app.sync(); }, EVERY);
  begin();
})();
