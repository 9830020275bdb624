// The call desk: a timer, keys, and an article that becomes the answer. The page works without it, by its own forms.
(() => {
  "use strict";
  if (window.yiwangDesk) { window.yiwangDesk(); return; }
  const LONG = 5 * 60;
  const desk = () => document.querySelector("[data-desk]");

  function tick() {
    const timer = document.querySelector("[data-timer]");
    if (!timer) return;
    const frame = timer.closest("[data-began]");
    const seconds = Math.max(0, Math.floor((Date.now() - new Date(frame.dataset.began)) / 1000));
    const two = (number) => String(number).padStart(2, "0");
    timer.value = `${two(Math.floor(seconds / 60))}:${two(seconds % 60)}`;
    frame.classList.toggle("is-long", seconds >= LONG);
  }

  function use(button) {
    const form = desk();
    const answer = button.closest("li").querySelector("[data-answer]").textContent.trim();
    const reply = form.elements.reply;
    reply.value = reply.value.trim() ? `${reply.value.trim()}\n${answer}` : answer;
    const choice = [...form.elements.handling].find((one) => one.value === "answered");
    const chosen = form.elements.handling.value;
    if (chosen !== "connected") choice.checked = true;
    for (const name of ["subject", "text"]) {
      if (!form.elements[name].value.trim()) form.elements[name].value = button.dataset.question.slice(0, 60);
    }
    const used = form.querySelector("[data-used]");
    if (!used.querySelector(`[value="${CSS.escape(button.dataset.useArticle)}"]`)) {
      const input = document.createElement("input");
      Object.assign(input, { type: "hidden", name: "article", value: button.dataset.useArticle });
      used.append(input);
    }
    reply.focus();
    reply.scrollIntoView({ block: "nearest" });
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-use-article]");
    if (!button || !desk()) return;
    event.preventDefault();
    use(button);
  });

  document.addEventListener("keydown", (event) => {
    const form = desk();
    if (!form || event.isComposing) return;
    if (event.ctrlKey && event.key === "Enter") {
      event.preventDefault();
      form.requestSubmit(form.querySelector(".line-submit .button"));
    } else if (event.altKey && !event.ctrlKey) {
      const number = Number(event.code.replace("Digit", ""));
      const choice = form.elements.handling[number - 1];
      if (choice) {
        event.preventDefault();
        choice.checked = true;
        choice.focus();
      } else if (event.code === "KeyK") {
        event.preventDefault();
        document.getElementById("q").focus();
      } else if (event.code === "KeyN") {
        event.preventDefault();
        document.querySelector("[data-new-call]").click();
      }
    }
  });

  window.yiwangDesk = tick;
  setInterval(tick, 1000);
  tick();
})();
