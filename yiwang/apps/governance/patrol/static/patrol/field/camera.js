// Photos made small on the phone: at most 1600 pixels a side, so that three days of them fit and travel.
(() => {
  "use strict";
  const SIDE = 1600, QUALITY = 0.8;

  async function small(file) {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, SIDE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(picture.width * scale));
    canvas.height = Math.max(1, Math.round(picture.height * scale));
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    return new Promise((resolve, reject) => {
      canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no picture"))), "image/jpeg", QUALITY);
    });
  }

  // Bytes instead of a blob: some phones lose blobs in IndexedDB when memory is short.
  self.patrolPhoto = async (file) => ({ id: crypto.randomUUID(), bytes: await (await small(file)).arrayBuffer(), attachment: "" });
})();
