// The picture as a file: drawn on a canvas from the server's SVG, then shared or stored.
import { save, shareFile } from "./share.js";

const shown = document.querySelector("[data-picture]");
const form = document.querySelector(".picture-choices");

form.addEventListener("change", () => form.requestSubmit()); // so its own button is not needed
form.querySelector(".actions").hidden = true;
document.querySelector("[data-print]").addEventListener("click", () => window.print());
draw().then(offer);

/** A PNG of the picture's own size; ready before the tap, for the share sheet opens for a fresh tap alone. */
async function draw() {
  await shown.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width: shown.naturalWidth, height: shown.naturalHeight });
  canvas.getContext("2d").drawImage(shown, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
  return new File([blob], shown.dataset.picture, { type: "image/png" });
}

function offer(file) {
  for (const button of document.querySelectorAll("[data-share-picture], [data-save-picture], [data-print]")) button.hidden = false;
  const share = document.querySelector("[data-share-picture]");
  share.hidden = !navigator.canShare?.({ files: [file] });
  share.addEventListener("click", () => shareFile(file));
  const store = document.querySelector("[data-save-picture]");
  store.classList.toggle("quiet", !share.hidden);
  store.addEventListener("click", () => save(file));
}
