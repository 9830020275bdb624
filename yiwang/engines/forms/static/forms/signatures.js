// A drawn signature becomes a PNG in a hidden input. Without a pointer, the typed name below does the same.
export function startSignatures(root) {
  for (const box of root.querySelectorAll("[data-signature]")) {
    if (box.dataset.ready) continue;
    box.dataset.ready = "1";
    box.hidden = false;
    const canvas = box.querySelector("canvas");
    const target = box.querySelector("input[type=hidden]");
    const pen = canvas.getContext("2d");
    let last = null;
    const paper = () => {
      pen.fillStyle = "#fff";
      pen.fillRect(0, 0, canvas.width, canvas.height);
      Object.assign(pen, { strokeStyle: "#111", lineWidth: 4, lineCap: "round", lineJoin: "round" });
      target.value = "";
    };
    const spot = (event) => {
      const frame = canvas.getBoundingClientRect();
      return [((event.clientX - frame.left) / frame.width) * canvas.width, ((event.clientY - frame.top) / frame.height) * canvas.height];
    };
    canvas.addEventListener("pointerdown", (event) => { canvas.setPointerCapture(event.pointerId); last = spot(event); });
    canvas.addEventListener("pointermove", (event) => {
      if (!last) return;
      const next = spot(event);
      pen.beginPath();
      pen.moveTo(...last);
      pen.lineTo(...next);
      pen.stroke();
      last = next;
    });
    const lift = () => { if (last) target.value = canvas.toDataURL("image/png"); last = null; };
    canvas.addEventListener("pointerup", lift);
    canvas.addEventListener("pointercancel", lift);
    box.querySelector("[data-signature-clear]").addEventListener("click", paper);
    paper();
  }
}
