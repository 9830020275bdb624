// Shows what was chosen before it is sent, and says at once when a file is too large.
function entry(file, limit, complaint) {
  const item = document.createElement("li");
  item.className = "attachment";
  if (file.size > limit) {
    item.classList.add("is-wrong");
    item.textContent = `${complaint}${file.name}`;
    return item;
  }
  if (/^image\/(jpeg|png|webp|gif)$/.test(file.type)) {
    const picture = document.createElement("img");
    picture.alt = file.name;
    const reader = new FileReader();
    reader.onload = () => { picture.src = reader.result; };
    reader.readAsDataURL(file);
    item.append(picture);
  } else {
    item.textContent = `${file.name} (${Math.max(1, Math.round(file.size / 1024))} KB)`;
  }
  return item;
}

export function startFiles(root) {
  for (const input of root.querySelectorAll("input[data-files]")) {
    if (input.dataset.ready) continue;
    input.dataset.ready = "1";
    const list = input.parentElement.querySelector("[data-files-chosen]");
    input.addEventListener("change", () => {
      list.replaceChildren(...[...input.files].map((file) => entry(file, Number(input.dataset.limit), input.dataset.tooLarge)));
      list.hidden = !input.files.length;
    });
  }
}
