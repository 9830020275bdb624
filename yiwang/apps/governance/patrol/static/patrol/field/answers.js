// The form of a visit as the server declares it: which questions, of which kind of place, under which condition.
(() => {
  "use strict";

  // `make("button", {class: "x", onclick: f}, "text", child)`; no inline styles, no markup from text.
  function make(tag, attributes = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
      else if (value === true) made.setAttribute(name, "");
      else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value);
    }
    made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
    return made;
  }

  const isEmpty = (value) => value === undefined || value === null || value === "" || (Array.isArray(value) && !value.length);

  function chips(field, options, value, change) {
    const type = field.multiple ? "checkbox" : "radio";
    const chosen = new Set([value].flat().filter((one) => one !== undefined).map(String));
    return options.map(([key, title]) => make("label", { class: "chip" },
      make("input", { type, name: field.key, value: key, checked: chosen.has(key), onchange: change }), make("span", {}, title)));
  }

  function control(field, value, words, change) {
    if (field.kind === "choice") return chips(field, field.options, value, change);
    if (field.kind === "boolean") return chips(field, [["true", words.yes], ["false", words.no]], value, change);
    const shared = { id: `f-${field.key}`, name: field.key, oninput: change };
    if (field.kind === "number") return [make("input", { ...shared, type: "number", inputmode: "numeric", min: 0, value })];
    if (field.kind === "date") return [make("input", { ...shared, type: "date", value })];
    const area = make("textarea", { ...shared, rows: 3, maxlength: 500 });
    area.value = value ?? "";
    return [area];
  }

  function valueOf(field, form) {
    const parts = [...form.querySelectorAll(`[name="${field.key}"]`)];
    if (field.kind === "choice" || field.kind === "boolean") {
      const chosen = parts.filter((part) => part.checked).map((part) => part.value);
      if (field.multiple) return chosen;
      return field.kind === "boolean" && chosen.length ? chosen[0] === "true" : chosen[0];
    }
    const text = parts[0]?.value.trim() ?? "";
    return field.kind === "number" && text ? Number(text) : text;
  }

  // Rows of photos: taken now, or there before; each may be removed again.
  function photos(words, most, kept, fail) {
    const taken = [...kept];
    const strip = make("ul", { class: "strip" });
    const show = () => strip.replaceChildren(...taken.map((photo) => {
      const address = URL.createObjectURL(new Blob([photo.bytes], { type: "image/jpeg" }));
      const picture = make("img", { src: address, alt: words.photo, onload: () => URL.revokeObjectURL(address) });
      const remove = () => { taken.splice(taken.indexOf(photo), 1); show(); };
      return make("li", {}, picture, make("button", { type: "button", class: "small", onclick: remove }, words.remove));
    }));
    const take = async (event) => {
      for (const file of [...event.target.files].slice(0, most - taken.length)) {
        try { taken.push(await self.patrolPhoto(file)); } catch { fail(words.photo_broken); }
      }
      event.target.value = "";
      show();
    };
    const input = make("input", { type: "file", accept: "image/*", capture: "environment", class: "unseen", id: "f-photos", onchange: take });
    show();
    return { parts: [strip, input, make("label", { class: "button quiet", for: "f-photos" }, words.photo)], taken };
  }

  function isAsked(field, form) {
    if (field.when === "open") return form.querySelector('[name="presence"]:checked')?.value === "open";
    if (field.when === "found") return Boolean(form.querySelector('[name="hazards"]:checked'));
    return true;
  }

  // The questions for one kind of place. `read()` gives {form, missing}: the data, and the title of what is lacking.
  self.patrolAnswers = ({ fields, words, given, kept, fail }) => {
    const form = make("form", { class: "answers", novalidate: true });
    const groups = new Map();
    let pictures = { taken: [] };
    const settle = () => groups.forEach((group, field) => { group.hidden = !isAsked(field, form); });
    for (const field of fields) {
      const isText = ["number", "date", "long_text"].includes(field.kind);
      let parts = [];
      if (field.kind === "photo") {
        pictures = photos(words, field.most, kept, fail);
        parts = pictures.parts;
      } else parts = control(field, given[field.key], words, settle);
      const head = isText ? make("label", { for: `f-${field.key}`, class: "head" }, field.title) : make("legend", { class: "head" }, field.title);
      const group = make(isText ? "div" : "fieldset", { class: "group" }, head, make("div", { class: "chips" }, parts));
      groups.set(field, group);
      form.append(group);
    }
    settle();
    const read = () => {
      const data = {};
      let missing = "";
      groups.forEach((group, field) => {
        if (group.hidden || field.kind === "photo") return;
        const value = valueOf(field, form);
        if (!isEmpty(value)) data[field.key] = value;
        else if (field.required && !missing) missing = field.title;
      });
      return { form: data, missing, photos: pictures.taken };
    };
    return { form, read };
  };
  self.patrolMake = make;
})();
