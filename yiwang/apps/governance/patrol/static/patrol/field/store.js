// What the phone keeps: the plan, and a queue of reports with their photos, in IndexedDB. Used by the page and the worker.
(() => {
  "use strict";
  const NAME = "yiwang-patrol", VERSION = 1;
  let opened = null;

  function asked(request) {
    return new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  }

  function database() {
    if (opened) return opened;
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("facts");
      request.result.createObjectStore("queue", { keyPath: "key" });
      request.result.createObjectStore("photos", { keyPath: "id" });
    };
    opened = asked(request);
    opened.catch(() => { opened = null; });
    return opened;
  }

  // Resolves when the transaction is on the disk, not merely when the request was taken.
  async function write(stores, work) {
    const transaction = (await database()).transaction(stores, "readwrite", { durability: "strict" });
    const ended = new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = transaction.onerror = () => reject(transaction.error);
    });
    work(...stores.map((name) => transaction.objectStore(name)));
    return ended;
  }

  const read = async (store, key) => asked((await database()).transaction(store).objectStore(store).get(key));
  const all = async (store) => asked((await database()).transaction(store).objectStore(store).getAll());

  self.patrolStore = {
    fact: (key) => read("facts", key),
    keepFact: (key, value) => write(["facts"], (facts) => facts.put(value, key)),
    queue: async () => (await all("queue")).sort((one, other) => (one.taken_at < other.taken_at ? -1 : 1)),
    photo: (id) => read("photos", id),
    // A report and its photos go in together or not at all.
    add: (item, photos) => write(["queue", "photos"], (queue, kept) => {
      for (const photo of photos) kept.put(photo);
      queue.put(item);
    }),
    change: (item) => write(["queue"], (queue) => queue.put(item)),
    keepPhoto: (photo) => write(["photos"], (photos) => photos.put(photo)),
    drop: (item) => write(["queue", "photos"], (queue, photos) => {
      queue.delete(item.key);
      for (const id of item.photos) photos.delete(id);
    }),
    dropPhotos: (ids) => write(["photos"], (photos) => ids.forEach((id) => photos.delete(id))),
  };
})();
