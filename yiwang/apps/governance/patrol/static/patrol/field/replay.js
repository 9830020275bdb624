// Sends the queue, one report after the other. A report keeps its key through every try, so a lost answer costs nothing;
// one that is refused says why and does not hold up the rest; when the session has ended everything waits.
(() => {
  "use strict";
  const store = self.patrolStore;
  const TRIES = { waiting: true };
  let running = null;

  class Stopped extends Error {}

  async function refreshed(addresses) {
    const answer = await fetch(addresses.plan, { headers: { Accept: "application/json" }, cache: "no-store" });
    if (answer.status === 401) throw new Stopped("log in");
    if (!answer.ok) throw new Stopped("failed");
    const plan = await answer.json();
    plan.skew = Math.round((new Date(plan.now).getTime() - Date.now()) / 1000);
    plan.fetched_at = new Date().toISOString();
    await store.keepFact("plan", plan);
    return plan;
  }

  async function refusal(answer) {
    const told = await answer.json().catch(() => ({}));
    const fields = (told.errors ?? []).map((one) => one.message).filter((text) => text && text !== told.title);
    return [told.title ?? String(answer.status), told.detail ?? "", ...fields].filter(Boolean).join("");
  }

  // A photo that has been taken in keeps its id here, so the report is the same at every try.
  async function sendPhoto(id, addresses, token) {
    const photo = await store.photo(id);
    if (!photo) return null;
    if (photo.attachment) return photo.attachment;
    const body = new FormData();
    body.append("file", new File([photo.bytes], `${id}.jpg`, { type: "image/jpeg" }));
    const answer = await fetch(addresses.photos, { method: "POST", body, headers: { "X-CSRFToken": token, Accept: "application/json" } });
    if (answer.status === 401) throw new Stopped("log in");
    if (answer.status >= 500 || answer.status === 429) throw new Stopped("failed");
    if (!answer.ok) throw new Error(await refusal(answer));
    photo.attachment = (await answer.json()).id;
    await store.keepPhoto(photo);
    return photo.attachment;
  }

  async function bodyOf(item, addresses, token) {
    const photos = [];
    for (const id of item.photos) photos.push(await sendPhoto(id, addresses, token));
    const form = photos.length ? { ...item.form, photos: photos.filter(Boolean) } : item.form;
    const { key, kind, place, taken_at, longitude, latitude, accuracy } = item;
    return { key, kind, place, taken_at, longitude, latitude, accuracy, form, sent_at: new Date().toISOString() };
  }

  async function post(item, addresses, token) {
    const body = JSON.stringify(await bodyOf(item, addresses, token));
    const headers = { "Content-Type": "application/json", "X-CSRFToken": token, Accept: "application/json" };
    const answer = await fetch(addresses.reports, { method: "POST", body, headers });
    if (answer.status === 401) throw new Stopped("log in");
    if (answer.status >= 500 || answer.status === 429) throw new Stopped("failed");
    if (!answer.ok) return { ...item, state: "returned", message: await refusal(answer), was: answer.status };
    const told = await answer.json();
    const state = told.state === "refused" ? "returned" : "sent";
    return { ...item, state, outcome: told.state, message: told.message, number: told.number, late: told.is_late, was: answer.status };
  }

  async function send(item, addresses, token) {
    let result;
    try {
      result = await post(item, addresses, token);
    } catch (error) {
      if (error instanceof Stopped || error instanceof TypeError) throw error;
      result = { ...item, state: "returned", message: error.message };
    }
    await store.change(result);
    if (result.state === "sent") await store.dropPhotos(item.photos);
    return result;
  }

  async function run(tell) {
    const addresses = await store.fact("addresses");
    if (!addresses) return "waiting";
    let outcome = "sent";
    try {
      const { token, user } = await refreshed(addresses);
      for (const item of await store.queue()) {
        if (!TRIES[item.state] || item.user !== user) continue; // what somebody else recorded waits for them
        try {
          await send(item, addresses, token);
        } catch (error) {
          if (error.message === "log in") throw error;
          outcome = "failed";
        }
        tell();
      }
    } catch (error) {
      outcome = error.message === "log in" ? "log in" : "failed";
    }
    tell();
    return outcome;
  }

  // One run at a time, whichever tab or worker begins it.
  self.patrolReplay = (tell = () => {}) => {
    running ??= (navigator.locks ? navigator.locks.request("yiwang-patrol-replay", () => run(tell)) : run(tell)).finally(() => { running = null; });
    return running;
  };
})();
