// Charts and maps. The libraries come only when a page shows one, and only from this server.
(() => {
  "use strict";
  const files = document.currentScript.dataset;
  const loads = new Map();
  const live = new Set();

  function script(address) {
    if (!loads.has(address)) {
      loads.set(address, new Promise((resolve, reject) => {
        const element = Object.assign(document.createElement("script"), { src: address, onload: resolve, onerror: reject });
        document.head.append(element);
      }));
    }
    return loads.get(address);
  }

  function sheet(address) {
    if (!loads.has(address)) {
      loads.set(address, new Promise((resolve, reject) => {
        document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href: address, onload: resolve, onerror: reject }));
      }));
    }
    return loads.get(address);
  }

  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  const palette = () => [1, 2, 3, 4, 5, 6].map((number) => colour(`chart-${number}`));

  function axes(data) {
    const words = { color: colour("ink-soft") };
    const lines = { lineStyle: { color: colour("line") } };
    const names = { type: "category", data: data.categories, axisLabel: { ...words, hideOverlap: true }, axisLine: lines, axisTick: { show: false } };
    const amounts = { type: "value", name: data.unit, nameTextStyle: words, axisLabel: words, splitLine: lines, max: data.max ?? null };
    return data.kind === "rows" ? { xAxis: amounts, yAxis: { ...names, inverse: true } } : { xAxis: names, yAxis: amounts };
  }

  function option(data, width) {
    const words = { color: colour("ink"), fontFamily: getComputedStyle(document.body).fontFamily };
    const shared = {
      color: palette(), textStyle: words, animation: !matchMedia("(prefers-reduced-motion: reduce)").matches, animationDuration: 300,
      // Rich text is painted on the canvas; the other kind writes style attributes, which the page's policy forbids.
      tooltip: { trigger: data.kind === "pie" ? "item" : "axis", renderMode: "richText", confine: true },
      legend: { show: data.series.length > 1 || data.kind === "pie", textStyle: words, top: 0, type: "scroll" },
    };
    if (data.kind === "pie") {
      const slices = data.categories.map((name, index) => ({ name, value: data.series[0].values[index] }));
      return { ...shared, series: [{ type: "pie", radius: ["45%", "72%"], center: ["50%", "56%"], label: { show: width > 420, color: colour("ink") }, data: slices }] };
    }
    const type = data.kind === "line" ? "line" : "bar";
    const series = data.series.map((one) => ({ name: one.name, type, data: one.values, stack: data.stacked ? "all" : undefined, barMaxWidth: 28, showSymbol: false, connectNulls: false }));
    return { ...shared, ...axes(data), grid: { left: 8, right: 16, bottom: 4, top: shared.legend.show ? 36 : data.unit ? 30 : 12, containLabel: true }, series };
  }

  async function chart(figure) {
    await script(files.echarts);
    const space = figure.querySelector(".figure-space");
    const drawn = window.echarts.init(space, null, { renderer: "canvas" });
    const draw = () => drawn.setOption(option(JSON.parse(figure.dataset.chart), space.clientWidth), true);
    draw();
    new ResizeObserver(() => drawn.resize()).observe(space);
    live.add(() => (space.isConnected ? draw() : drawn.dispose()));
  }

  function mapStyle(data) {
    const sources = Object.fromEntries(data.layers.map((layer) => [layer.key, { type: "geojson", data: layer.url ?? layer.shapes }]));
    const layers = [{ id: "ground", type: "background", paint: { "background-color": colour("sunken") } }];
    for (const layer of data.layers) {
      if (layer.fill !== false) layers.push({ id: `${layer.key}-fill`, type: "fill", source: layer.key, filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": colour(layer.colour ?? "surface"), "fill-opacity": layer.opacity ?? 1 } });
      layers.push({ id: `${layer.key}-line`, type: "line", source: layer.key, paint: { "line-color": colour("line-strong"), "line-width": layer.width ?? 1 } });
    }
    return { version: 8, sources, layers };
  }

  function* pairs(coordinates) {
    if (typeof coordinates[0] === "number") yield coordinates;
    else for (const inner of coordinates) yield* pairs(inner);
  }

  async function shapesOf(data) {
    for (const layer of data.layers) if (layer.url) layer.shapes = await (await fetch(layer.url)).json().finally(() => delete layer.url);
  }

  function boxOf(data) {
    const found = data.points.map((point) => [point.longitude, point.latitude]);
    if (!data.isNear) for (const layer of data.layers) for (const shape of layer.shapes.features ?? []) found.push(...pairs(shape.geometry.coordinates));
    if (!found.length) return null;
    const [x, y] = [found.map((pair) => pair[0]), found.map((pair) => pair[1])];
    const least = (values) => values.reduce((a, b) => Math.min(a, b));
    const most = (values) => values.reduce((a, b) => Math.max(a, b));
    return [least(x), least(y), most(x), most(y)];
  }

  function place(map, point) {
    const mark = document.createElement(point.href ? "a" : "span");
    if (point.href) mark.href = point.href;
    if (!point.href) mark.setAttribute("role", "img");
    mark.setAttribute("aria-label", point.title);
    mark.title = point.title;
    const pin = document.createElement("span");
    pin.className = `map-mark map-mark-${point.tone}`;
    mark.append(pin);
    new window.maplibregl.Marker({ element: mark, anchor: "bottom" }).setLngLat([point.longitude, point.latitude]).addTo(map);
  }

  async function map(figure) {
    const data = JSON.parse(figure.dataset.map);
    // Without its sheet the map lays its canvas beside the frame.
    await Promise.all([script(files.maplibre), sheet(files.maplibreCss), shapesOf(data)]);
    window.maplibregl.setWorkerUrl(files.maplibreWorker);
    const bounds = boxOf(data);
    const drawn = new window.maplibregl.Map({
      container: figure.querySelector(".figure-space"), style: mapStyle(data), attributionControl: false, dragRotate: false, cooperativeGestures: true,
      locale: data.phrases,
      ...(bounds ? { bounds, fitBoundsOptions: { padding: 40, maxZoom: 14 } } : { center: [113.14, 23.03], zoom: 9 }),
    });
    drawn.addControl(new window.maplibregl.NavigationControl({ showCompass: false }));
    drawn.getCanvas().setAttribute("aria-label", data.title);
    for (const point of data.points) place(drawn, point);
  }

  function failed(figure) {
    figure.querySelector(".figure-space").hidden = true;
    const table = figure.querySelector("details");
    if (table) table.open = true;
  }

  function start(part) {
    for (const [selector, draw] of [["[data-chart]", chart], ["[data-map]", map]]) {
      for (const figure of part.querySelectorAll(`figure${selector}:not([data-ready])`)) {
        figure.dataset.ready = "1";
        draw(figure).catch(() => failed(figure));
      }
    }
  }

  start(document);
  document.addEventListener("htmx:load", (event) => start(event.target));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => live.forEach((again) => again()));
})();
