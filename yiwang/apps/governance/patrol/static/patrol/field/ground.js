// Where the phone is: position, whether it lies in a cell, and a plain map of the cells one can tap. No net, no library.
(() => {
  "use strict";
  const METRES = 111320, WIDTH = 360, HEIGHT = 260;
  const NAMESPACE = "http://www.w3.org/2000/svg";

  function locate() {
    return new Promise((resolve) => {
      if (!navigator.geolocation) return resolve(null);
      const found = ({ coords }) => resolve({ longitude: coords.longitude, latitude: coords.latitude, accuracy: Math.round(coords.accuracy) });
      navigator.geolocation.getCurrentPosition(found, () => resolve(null), { enableHighAccuracy: true, timeout: 12000, maximumAge: 10000 });
    });
  }

  function isInside(ring, x, y) {
    let inside = false;
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [[xi, yi], [xj, yj]] = [ring[i], ring[j]];
      if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
    }
    return inside;
  }

  function toSegment([ax, ay], [bx, by], x, y, squeeze) {
    const [dx, dy] = [(bx - ax) * squeeze, by - ay];
    const along = dx || dy ? Math.max(0, Math.min(1, ((x - ax) * squeeze * dx + (y - ay) * dy) / (dx * dx + dy * dy))) : 0;
    return Math.hypot((x - ax) * squeeze - along * dx, y - ay - along * dy) * METRES;
  }

  // Metres outside the cell, 0 inside; the server judges, this only warns.
  function outside(cell, x, y) {
    if (!cell || !cell.rings.length || cell.rings.some((ring) => isInside(ring, x, y))) return 0;
    const squeeze = Math.cos((y * Math.PI) / 180);
    return Math.min(...cell.rings.map((ring) => Math.min(...ring.slice(1).map((point, index) => toSegment(ring[index], point, x, y, squeeze)))));
  }

  function frame(cells) {
    const points = cells.flatMap((cell) => cell.rings.flat());
    const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
    const [west, east, south, north] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    const squeeze = Math.cos((((south + north) / 2) * Math.PI) / 180);
    const scale = Math.min((WIDTH - 16) / ((east - west) * squeeze || 1e-6), (HEIGHT - 16) / (north - south || 1e-6));
    const left = (WIDTH - (east - west) * squeeze * scale) / 2, top = (HEIGHT - (north - south) * scale) / 2;
    return {
      to: (x, y) => [left + (x - west) * squeeze * scale, top + (north - y) * scale],
      from: (px, py) => [(px - left) / (squeeze * scale) + west, north - (py - top) / scale],
    };
  }

  function shape(name, attributes, parent) {
    const made = document.createElementNS(NAMESPACE, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    parent.append(made);
    return made;
  }

  // A drawing of the cells with places and the chosen point; `choose(longitude, latitude)` hears a tap.
  function draw(cells, places, title, choose) {
    const drawing = document.createElementNS(NAMESPACE, "svg");
    const known = cells.filter((cell) => cell.rings.length);
    if (!known.length) return { drawing, mark: () => {} };
    const { to, from } = frame(known);
    drawing.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
    drawing.setAttribute("class", "ground");
    drawing.setAttribute("role", "img");
    drawing.setAttribute("aria-label", title);
    for (const ring of known.flatMap((cell) => cell.rings)) {
      shape("polygon", { points: ring.map(([x, y]) => to(x, y).map((at) => at.toFixed(1)).join(",")).join(" "), class: "ground-cell" }, drawing);
    }
    for (const place of places) {
      const [x, y] = to(place.longitude, place.latitude);
      shape("circle", { cx: x.toFixed(1), cy: y.toFixed(1), r: 4, class: "ground-place" }, drawing);
    }
    const point = shape("circle", { r: 8, class: "ground-here", visibility: "hidden" }, drawing);
    const mark = (longitude, latitude) => {
      const [x, y] = to(longitude, latitude);
      for (const [key, value] of [["cx", x.toFixed(1)], ["cy", y.toFixed(1)], ["visibility", "visible"]]) point.setAttribute(key, value);
    };
    drawing.addEventListener("click", (event) => {
      const box = drawing.getBoundingClientRect();
      const [longitude, latitude] = from(((event.clientX - box.left) / box.width) * WIDTH, ((event.clientY - box.top) / box.height) * HEIGHT);
      mark(longitude, latitude);
      choose(longitude, latitude);
    });
    return { drawing, mark };
  }

  self.patrolGround = { locate, outside, draw };
})();
