// 指挥大屏. The server sends finished pieces; this puts them in their places, counts down, and says how fresh they are.
(() => {
  "use strict";
  const body = document.body;
  const words = body.dataset;
  const state = document.querySelector("[data-wall-state]");
  const clock = document.querySelector("[data-wall-clock]");
  let ahead = new Date(words.at).getTime() - Date.now(); // of this screen's own clock, which nobody has to set
  let mark = words.mark;
  let polls = 0;

  const now = () => Date.now() + ahead;
  const civil = new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Shanghai", dateStyle: "short", timeStyle: "medium" });

  function say(word, isFine) {
    state.textContent = word;
    state.classList.toggle("is-fine", isFine);
  }

  function place(found) {
    ahead = new Date(found.at).getTime() - Date.now();
    mark = found.mark;
    for (const [name, content] of Object.entries(found.parts)) {
      const part = document.querySelector(`[data-part="${name}"]`);
      if (part.dataset.content === content || (!part.dataset.content && part.innerHTML === content)) continue;
      const known = new Set([...part.querySelectorAll("[data-key]")].map((line) => line.dataset.key));
      part.innerHTML = part.dataset.content = content;
      if (known.size) for (const line of part.querySelectorAll("[data-key]")) line.classList.toggle("is-new", !known.has(line.dataset.key));
    }
    tick();
  }

  function left(seconds) {
    if (seconds <= 0) return words.over;
    const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, Math.floor(seconds) % 60];
    return [hours, minutes, rest].map((number, at) => (at ? String(number).padStart(2, "0") : String(number))).join(":");
  }

  function tick() {
    clock.textContent = civil.format(now());
    for (const due of document.querySelectorAll("[data-due]")) {
      const seconds = (new Date(due.dataset.due).getTime() - now()) / 1000;
      due.textContent = left(seconds);
      due.classList.toggle("is-near", seconds < 3600);
      due.classList.toggle("is-over", seconds < 600);
    }
  }

  async function poll() {
    try {
      const answer = await fetch(words.now, { headers: { Accept: "application/json", "If-None-Match": `"${mark}"` }, cache: "no-store" });
      if (answer.status === 401 || answer.status === 403) return ended();
      if (answer.status === 200) place(await answer.json());
      else if (answer.status !== 304) throw new Error(String(answer.status));
      say(words.polling, true);
    } catch {
      say(words.waiting, false);
    }
    polls += 1;
    return polls % 12 ? setTimeout(poll, 5000) : listen(); // once a minute: perhaps there is a stream again
  }

  function ended() {
    say(words.ended, false);
    body.classList.add("is-ended");
  }

  function listen() {
    const stream = new EventSource(`${words.stream}?seen=${mark}`);
    stream.onopen = () => say(words.live, true);
    stream.onmessage = (event) => place(JSON.parse(event.data));
    stream.addEventListener("ended", () => { stream.close(); poll(); });
    stream.onerror = () => {
      say(words.waiting, false);
      if (stream.readyState === EventSource.CLOSED) poll();
    };
  }

  setInterval(tick, 1000);
  tick();
  listen();
})();
