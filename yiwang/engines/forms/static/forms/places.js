// A point on a map of local layers only: no tile, font or style comes from outside.
let library = null;

function load(map) {
  library ??= new Promise((resolve, reject) => {
    const style = document.createElement("link");
    Object.assign(style, { rel: "stylesheet", href: map.dataset.maplibreCss });
    document.head.append(style);
    if (window.maplibregl) { resolve(window.maplibregl); return; }
    const script = document.createElement("script");
    script.src = map.dataset.maplibre;
    script.onload = () => {
      window.maplibregl.setWorkerUrl(map.dataset.maplibreWorker);
      resolve(window.maplibregl);
    };
    script.onerror = reject;
    document.head.append(script);
  });
  return library;
}

function paint(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim() || "#888";
}

function styleOf(layers) {
  const only = (level) => ["==", ["get", "level"], level];
  return {
    version: 8,
    sources: { divisions: { type: "geojson", data: layers } },
    layers: [
      { id: "ground", type: "background", paint: { "background-color": paint("--sunken") } },
      { id: "land", type: "fill", source: "divisions", filter: only("town"), paint: { "fill-color": paint("--surface") } },
      { id: "villages", type: "line", source: "divisions", filter: only("village"), paint: { "line-color": paint("--line"), "line-width": 1 } },
      { id: "towns", type: "line", source: "divisions", filter: only("town"), paint: { "line-color": paint("--line-strong"), "line-width": 1.5 } },
    ],
  };
}

function* pairs(coordinates) {
  if (typeof coordinates[0] === "number") yield coordinates;
  else for (const inner of coordinates) yield* pairs(inner);
}

function frame(layers) {
  let box = null;
  for (const shape of layers.features) {
    for (const [x, y] of pairs(shape.geometry.coordinates)) {
      box = box ? [Math.min(box[0], x), Math.min(box[1], y), Math.max(box[2], x), Math.max(box[3], y)] : [x, y, x, y];
    }
  }
  return box;
}

function inRing(x, y, ring) {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [ax, ay] = ring[i];
    const [bx, by] = ring[j];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
  }
  return inside;
}

function holds(shape, x, y) {
  const polygons = shape.geometry.type === "Polygon" ? [shape.geometry.coordinates] : shape.geometry.coordinates;
  return polygons.some((rings) => inRing(x, y, rings[0]) && !rings.slice(1).some((hole) => inRing(x, y, hole)));
}

function nameAt(layers, x, y) {
  const found = layers.features.filter((shape) => holds(shape, x, y));
  const at = (level) => found.find((shape) => shape.properties.level === level)?.properties.name ?? "";
  return at("town") + at("village");
}

async function layer(url, level) {
  const found = await (await fetch(url)).json();
  for (const shape of found.features) shape.properties.level = level;
  return found.features;
}

async function layersFor({ towns, villages }) {
  const found = await Promise.all([layer(towns, "town"), layer(villages, "village")]);
  return { type: "FeatureCollection", features: found.flat() };
}

// A name on the map is no button, whatever the library makes of it.
function quiet(marker) {
  const element = marker.getElement();
  for (const attribute of ["role", "aria-label", "tabindex"]) element.removeAttribute(attribute);
  element.setAttribute("aria-hidden", "true");
}

class Picker {
  constructor(box) {
    this.box = box;
    this.canvas = box.querySelector("[data-place-map]");
    this.status = box.querySelector("[data-place-status]");
    this.longitude = box.querySelector('input[name$="-longitude"]');
    this.latitude = box.querySelector('input[name$="-latitude"]');
  }

  async open() {
    const [answer, maplibre] = await Promise.all([layersFor(this.box.closest("[data-towns]").dataset), load(this.canvas)]);
    this.layers = answer;
    const box = frame(answer);
    this.map = new maplibre.Map({
      container: this.canvas, style: styleOf(answer), attributionControl: false, dragRotate: false, maxZoom: 18, cooperativeGestures: false,
      locale: {
        "Map.Title": this.canvas.dataset.label, "Marker.Title": this.canvas.dataset.marker,
        "NavigationControl.ZoomIn": this.canvas.dataset.zoomIn, "NavigationControl.ZoomOut": this.canvas.dataset.zoomOut,
      },
      ...(box ? { bounds: box, fitBoundsOptions: { padding: 12 } } : { center: [113.14, 23.03], zoom: 9 }),
    });
    this.map.addControl(new maplibre.NavigationControl({ showCompass: false }));
    this.map.getCanvas().addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault(); // or the whole form would be sent
      const { lng, lat } = this.map.getCenter();
      this.choose(lng, lat);
    });
    if (answer.features.some((shape) => shape.properties.schematic)) {
      const label = document.createElement("span");
      label.className = "place-schematic";
      label.textContent = this.canvas.dataset.schematic;
      this.canvas.append(label);
    }
    for (const shape of answer.features.filter((one) => one.properties.level === "town")) {
      const name = document.createElement("span");
      name.className = "place-town";
      name.textContent = shape.properties.name;
      const [west, south, east, north] = frame({ features: [shape] });
      quiet(new maplibre.Marker({ element: name }).setLngLat([(west + east) / 2, (south + north) / 2]).addTo(this.map));
    }
    this.marker = new maplibre.Marker({ color: paint("--accent"), draggable: true });
    this.map.on("click", (event) => this.choose(event.lngLat.lng, event.lngLat.lat));
    this.marker.on("dragend", () => { const at = this.marker.getLngLat(); this.choose(at.lng, at.lat); });
    for (const input of [this.longitude, this.latitude]) input.addEventListener("change", () => this.show(true));
    this.show(true);
  }

  choose(x, y) {
    this.longitude.value = x.toFixed(6);
    this.latitude.value = y.toFixed(6);
    this.show(false);
    this.box.dispatchEvent(new Event("change", { bubbles: true }));
  }

  show(move) {
    const x = Number.parseFloat(this.longitude.value);
    const y = Number.parseFloat(this.latitude.value);
    if (!Number.isFinite(x) || !Number.isFinite(y) || Math.abs(y) > 90) {
      this.marker?.remove();
      this.status.textContent = "";
      return;
    }
    const name = this.layers ? nameAt(this.layers, x, y) : "";
    const outside = Boolean(this.layers?.features.length) && !name;
    this.status.textContent = outside ? this.box.dataset.outside : name;
    this.status.classList.toggle("is-wrong", outside && !("unknownAllowed" in this.box.dataset));
    if (!this.map) return;
    this.marker.setLngLat([x, y]).addTo(this.map);
    if (move) this.map.jumpTo({ center: [x, y], zoom: Math.max(13, this.map.getZoom()) });
  }

  clear() {
    this.longitude.value = "";
    this.latitude.value = "";
    this.show(false);
  }

  locate() {
    navigator.geolocation?.getCurrentPosition(
      ({ coords }) => { this.choose(coords.longitude, coords.latitude); this.show(true); },
      (error) => { this.status.textContent = error.message; this.status.classList.add("is-wrong"); },
      { enableHighAccuracy: true, timeout: 10000 },
    );
  }
}

export function startPlaces(root) {
  for (const box of root.querySelectorAll("[data-place]")) {
    if (box.dataset.ready) continue;
    box.dataset.ready = "1";
    const picker = new Picker(box);
    const actions = box.querySelector("[data-place-actions]");
    actions.hidden = false;
    picker.canvas.hidden = false; // its room is kept from the start, so that nothing jumps when the map arrives
    box.querySelector("[data-place-locate]").addEventListener("click", () => picker.locate());
    box.querySelector("[data-place-clear]").addEventListener("click", () => picker.clear());
    const watch = new IntersectionObserver((seen) => {
      if (seen.some((one) => one.isIntersecting)) {
        watch.disconnect();
        picker.open().catch(() => { picker.canvas.hidden = true; });
      }
    }, { rootMargin: "300px" });
    watch.observe(box);
  }
}
