// 办件地图. Marks come from this server for each view; the list beside the map says the same in words.
(() => {
  "use strict";
  const space = document.querySelector("[data-case-map]");
  if (!space || space.dataset.ready) return;
  space.dataset.ready = "1";
  const facts = space.dataset;
  const list = document.querySelector("[data-case-map-list]");
  const status = document.querySelector("[data-case-map-status]");
  const paint = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const figures = new Intl.NumberFormat("en");
  let shown = new Map();
  let asked = null;
  let listed = "";

  function load() {
    const sheet = Object.assign(document.createElement("link"), { rel: "stylesheet", href: facts.sheet });
    const script = Object.assign(document.createElement("script"), { src: facts.maplibre });
    const ready = [sheet, script].map((element) => new Promise((resolve, reject) => { element.onload = resolve; element.onerror = reject; }));
    document.head.append(sheet, ...(window.maplibregl ? [] : [script]));
    return Promise.all(window.maplibregl ? ready.slice(0, 1) : ready);
  }

  function* pairs(coordinates) {
    if (typeof coordinates[0] === "number") yield coordinates;
    else for (const inner of coordinates) yield* pairs(inner);
  }

  function middle(shape) {
    let [west, south, east, north] = [180, 90, -180, -90];
    for (const [x, y] of pairs(shape.geometry.coordinates)) [west, south, east, north] = [Math.min(west, x), Math.min(south, y), Math.max(east, x), Math.max(north, y)];
    return [(west + east) / 2, (south + north) / 2];
  }

  function styleOf(towns, villages) {
    const line = (id, source, name, width, minzoom = 0) => ({ id, source, type: "line", minzoom, paint: { "line-color": paint(name), "line-width": width } });
    return {
      version: 8,
      sources: { towns: { type: "geojson", data: towns }, villages: { type: "geojson", data: villages } },
      layers: [
        { id: "ground", type: "background", paint: { "background-color": paint("--sunken") } },
        { id: "land", source: "towns", type: "fill", paint: { "fill-color": paint("--surface") } },
        { id: "own", source: "towns", type: "fill", filter: ["==", ["slice", ["get", "code"], 0, facts.prefix.length], facts.prefix], paint: { "fill-color": paint("--selected") } },
        line("village-lines", "villages", "--line", 1, 10),
        line("town-lines", "towns", "--line-strong", 1.5),
      ],
    };
  }

  function named(map, towns) {
    const names = towns.features.map((shape) => {
      const element = Object.assign(document.createElement("span"), { className: "case-map-name", textContent: shape.properties.name });
      const marker = new maplibregl.Marker({ element }).setLngLat(middle(shape)).addTo(map);
      for (const attribute of ["role", "aria-label", "tabindex"]) element.removeAttribute(attribute);
      element.setAttribute("aria-hidden", "true");
      return marker;
    });
    const show = () => names.forEach((marker) => { marker.getElement().hidden = map.getZoom() < 8.5; });
    map.on("zoomend", show);
    show();
  }

  function element(map, feature) {
    const { cases, late, url, title } = feature.properties;
    const text = facts.mark.replace("{cases}", figures.format(cases)).replace("{late}", figures.format(late));
    const mark = document.createElement(url ? "a" : "button");
    mark.className = `${url ? "case-point" : "case-mark"}${late ? " is-late" : ""}`;
    if (url) mark.href = url;
    else {
      mark.type = "button";
      mark.dataset.size = String(Math.min(4, String(cases).length));
      mark.textContent = cases < 10000 ? figures.format(cases) : `${Math.round(cases / 1000)}k`;
      mark.addEventListener("click", () => closer(map, feature.geometry.coordinates));
    }
    mark.title = title ?? text;
    mark.setAttribute("aria-label", title ?? text);
    return mark;
  }

  function closer(map, [longitude, latitude]) {
    if (map.getZoom() < 17.5) map.easeTo({ center: [longitude, latitude], zoom: Math.min(18, map.getZoom() + 2), animate: !matchMedia("(prefers-reduced-motion: reduce)").matches });
    else { ask([longitude - 2e-4, latitude - 2e-4, longitude + 2e-4, latitude + 2e-4], 20).then(tell); list.scrollIntoView({ block: "nearest" }); }
  }

  async function ask([west, south, east, north], zoom) {
    asked?.abort();
    asked = new AbortController();
    const edges = new URLSearchParams({ west, south, east, north, zoom });
    const answer = await fetch(`${facts.view}?${facts.query}&${edges}`, { signal: asked.signal, headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  }

  function tell(found) {
    const hasFocus = list.contains(document.activeElement); // or a reader at work in the list would be thrown out
    if (found.list !== listed && !hasFocus) {
      listed = found.list;
      list.innerHTML = listed;
    }
    status.textContent = facts.mark.replace("{cases}", figures.format(found.total)).replace("{late}", figures.format(found.late));
  }

  function draw(map, found) {
    const next = new Map();
    for (const feature of found.features) {
      const key = JSON.stringify([feature.geometry.coordinates, feature.properties]);
      const marker = shown.get(key) ?? new maplibregl.Marker({ element: element(map, feature) }).setLngLat(feature.geometry.coordinates).addTo(map);
      shown.delete(key);
      next.set(key, marker);
    }
    for (const marker of shown.values()) marker.remove();
    shown = next;
    tell(found);
  }

  async function refresh(map) {
    const bounds = map.getBounds();
    try {
      draw(map, await ask([bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()], map.getZoom()));
    } catch (problem) {
      if (problem.name !== "AbortError") status.textContent = facts.failed;
    }
  }

  async function start() {
    const answers = Promise.all([facts.towns, facts.villages].map(async (address) => (await fetch(address)).json()));
    await load();
    const [towns, villages] = await answers;
    space.hidden = false;
    maplibregl.setWorkerUrl(facts.worker);
    const box = facts.box ? facts.box.split(",").map(Number) : null;
    const map = new maplibregl.Map({
      container: space, style: styleOf(towns, villages), attributionControl: false, dragRotate: false, maxZoom: 19,
      locale: { "Map.Title": facts.label, "NavigationControl.ZoomIn": facts.zoomIn, "NavigationControl.ZoomOut": facts.zoomOut, "Marker.Title": "" },
      ...(box ? { bounds: box, fitBoundsOptions: { padding: 24, maxZoom: 15 } } : { center: [105, 35], zoom: 3 }),
    });
    map.addControl(new maplibregl.NavigationControl({ showCompass: false }));
    map.getCanvas().setAttribute("aria-label", facts.label);
    named(map, towns);
    map.on("moveend", () => refresh(map));
    refresh(map);
    setInterval(() => { if (space.isConnected && !document.hidden) refresh(map); }, 30000);
  }

  start().catch(() => { space.hidden = true; });
})();
