// The four screens and the form: what is drawn from the plan and the queue. Nothing here talks to the net.
(() => {
  "use strict";
  const make = self.patrolMake;
  const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");
  const clock = (iso) => new Date(iso).toLocaleString(document.documentElement.lang, { month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit" });

  function standing(place, plan, visited, words) {
    if (visited.has(place.id)) return ["done", words.done];
    if (place.due_on < plan.today) return ["overdue", words.overdue];
    if (place.due_on === plan.today) return ["due", words.due];
    return place.due_on <= plan.week_end ? ["week", words.week] : ["later", words.later];
  }

  function card(place, number, app) {
    const { plan, words } = app;
    const [key, title] = standing(place, plan, app.visited, words);
    return make("li", {}, make("a", { class: "card", href: `#visit/${place.id}` },
      make("span", { class: "card-head" }, number ? `${number}. ` : "", place.name),
      make("span", { class: "card-line" }, `${words.kinds[place.kind]} · ${words.risks[place.risk]} · ${place.opens}:00–${place.closes}:00`),
      make("span", { class: "card-line" }, place.address),
      make("span", { class: `tag tag-${key}` }, title)));
  }

  function lacking(app) {
    if (!app.plan) return app.words.no_plan;
    return app.plan.cells.length ? "" : app.words.no_cells;
  }

  function bare(app, text) {
    return [make("p", { class: "empty" }, text), make("button", { type: "button", class: "button", onclick: app.sync }, app.words.update)];
  }

  function today(app) {
    const { plan, words } = app;
    const none = lacking(app);
    if (none) return bare(app, none);
    const known = new Map(plan.places.map((place) => [place.id, place]));
    const stops = plan.round.map((id) => known.get(id)).filter(Boolean);
    const cards = stops.map((place, index) => card(place, index + 1, app));
    const lead = stops.length ? filled(words.walk, { count: stops.length, metres: plan.metres }) : words.no_due;
    const later = plan.places.filter((place) => place.due_on > plan.today && place.due_on <= plan.week_end);
    const week = later.length ? [make("h2", { class: "lead" }, words.week), make("ul", { class: "cards" }, later.map((place) => card(place, 0, app)))] : [];
    return [make("p", { class: "lead" }, lead), make("ol", { class: "cards" }, cards), ...week, ...age(app)];
  }

  function age(app) {
    const { plan, words } = app;
    return [make("p", { class: "soft" }, filled(words.plan_age, { time: clock(plan.fetched_at) })),
      make("button", { type: "button", class: "button quiet", onclick: app.sync }, words.update)];
  }

  function places(app) {
    const none = lacking(app);
    if (none) return bare(app, none);
    const { drawing } = self.patrolGround.draw(app.plan.cells, app.plan.places, app.words.here, () => {});
    return [drawing, make("ul", { class: "cards" }, app.plan.places.map((place) => card(place, 0, app)))];
  }

  // Where the phone is, told in words; `spot.at` is the position once there is one.
  function finder(app, cell, changed) {
    const spot = { at: null, taken_at: "" };
    const told = make("p", { class: "spot", role: "status" }, app.words.locating);
    const find = async () => {
      told.textContent = app.words.locating;
      const at = await self.patrolGround.locate();
      if (!at) { told.textContent = app.words.no_position; return; }
      take(at);
    };
    const take = (at) => {
      spot.at = at;
      spot.taken_at = new Date().toISOString();
      const away = cell ? self.patrolGround.outside(cell, at.longitude, at.latitude) : 0;
      const where = cell ? (away ? filled(app.words.away, { metres: Math.round(away) }) : app.words.here) : "";
      const how = at.accuracy === null ? app.words.by_map : filled(app.words.accuracy, { metres: at.accuracy });
      told.textContent = [where, how].filter(Boolean).join(" · ");
      told.className = away ? "spot spot-away" : "spot spot-here";
      changed(at);
    };
    find();
    return { spot, told, find, take };
  }

  function visit(app, id, item) {
    const { plan, words } = app;
    const place = plan?.places.find((one) => one.id === id);
    if (!place) return bare(app, words.no_plan);
    const keys = new Set(plan.form.asked[place.kind]);
    const given = { people: place.people ?? undefined, rectify_by: inDays(7), ...item?.form };
    const fields = plan.form.fields.filter((field) => keys.has(field.key));
    const answers = self.patrolAnswers({ fields, words, given, kept: item?.kept ?? [], fail: app.toast });
    const found = finder(app, plan.cells.find((cell) => cell.code === place.cell), () => {});
    const save = () => app.save({ kind: "visit", place: place.id, title: place.name, spot: found.spot, answers: answers.read(), instead: item });
    return [make("p", { class: "lead" }, `${words.kinds[place.kind]} · ${place.address}`),
      make("section", { class: "check-in" }, found.told, make("button", { type: "button", class: "button quiet", onclick: found.find }, words.again)),
      answers.form, bottom(app, save, "#today")];
  }

  const inDays = (days) => new Date(Date.now() + days * 86400000).toISOString().slice(0, 10);

  function snap(app) {
    const { plan, words } = app;
    if (!plan) return bare(app, words.no_plan);
    const fields = [
      { key: "photos", title: words.photo, kind: "photo", most: 4, when: "always" },
      { key: "category", title: words.class, kind: "choice", options: plan.classes, when: "always", required: true },
      { key: "description", title: words.describe, kind: "long_text", when: "always", required: true },
      { key: "address", title: words.address, kind: "long_text", when: "always" },
    ];
    const answers = self.patrolAnswers({ fields, words, given: {}, kept: [], fail: app.toast });
    let mark = () => {};
    const found = finder(app, null, (at) => mark(at.longitude, at.latitude));
    const ground = self.patrolGround.draw(plan.cells, [], words.tap_map, (longitude, latitude) => found.take({ longitude, latitude, accuracy: null }));
    mark = ground.mark;
    const save = () => app.save({ kind: "incident", place: null, title: words.incident, spot: found.spot, answers: answers.read() });
    return [make("section", { class: "check-in" }, found.told, ground.drawing, make("p", { class: "soft" }, words.tap_map),
      make("button", { type: "button", class: "button quiet", onclick: found.find }, words.again)), answers.form, bottom(app, save, "#today")];
  }

  function bottom(app, save, back) {
    return make("div", { class: "bottom" }, make("a", { class: "button quiet", href: back }, app.words.back),
      make("button", { type: "button", class: "button", onclick: save }, app.words.save));
  }

  function said(item, words, user) {
    if (item.state === "waiting" && item.user !== user) return filled(words.other, { name: item.who });
    if (item.state === "returned") return item.message;
    if (item.state === "sent" && item.number) return filled(words.opened, { number: item.number });
    return item.state === "sent" && item.outcome === "duplicate" ? item.message : "";
  }

  function entry(item, app) {
    const { words } = app;
    const title = item.state === "sent" && item.outcome === "duplicate" ? words.duplicate : words[item.state];
    const tags = [make("span", { class: `tag tag-${item.state}` }, title), item.late && make("span", { class: "tag" }, words.late)];
    const acts = [];
    if (item.state === "returned" && item.kind === "visit") acts.push(make("button", { type: "button", class: "button quiet", onclick: () => app.correct(item) }, words.correct));
    const isNew = item.was === 409 || item.kind === "incident"; // a check-in that was refused would be refused again
    if (item.state === "returned" && isNew) acts.push(make("button", { type: "button", class: "button quiet", onclick: () => app.renew(item) }, words.retry));
    if (item.state === "returned") acts.push(make("button", { type: "button", class: "button quiet", onclick: () => app.drop(item) }, words.remove));
    return make("li", { class: "card", "data-state": item.state }, make("span", { class: "card-head" }, item.title),
      make("span", { class: "card-line" }, clock(item.taken_at)), tags, make("p", { class: "card-line" }, said(item, words, app.plan?.user)), make("div", { class: "acts" }, acts));
  }

  function queue(app) {
    const { words } = app;
    const items = [...app.queue].reverse();
    if (!items.length) return [make("p", { class: "empty" }, words.empty_queue)];
    const isWaiting = items.some((item) => item.state === "waiting");
    return [isWaiting && make("button", { type: "button", class: "button wide", onclick: app.sync }, words.upload),
      make("ul", { class: "cards" }, items.map((item) => entry(item, app)))];
  }

  self.patrolScreens = { today, places, visit, snap, queue };
})();
