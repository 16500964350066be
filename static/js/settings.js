// Offers the device's time zone where it differs; copies, downloads and prints what is shown once.
import { save } from "./share.js";

const moved = document.querySelector("[data-moved]");
if (moved) offerZone(moved);

for (const button of document.querySelectorAll("[data-copy], [data-download], [data-print]")) button.hidden = false;
document.querySelector("[data-copy]")?.addEventListener("click", copy);
document.querySelector("[data-download]")?.addEventListener("click", download);
document.querySelector("[data-print]")?.addEventListener("click", () => window.print());

function offerZone(form) {
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!here || here === nameHere(form.dataset.moved)) return;
  const words = form.querySelector("[data-template]");
  words.textContent = words.dataset.template.replace("{place}", here.split("/").pop().replaceAll("_", " "));
  form.elements.timezone.value = here;
  form.querySelector("[data-not-now]").addEventListener("click", () => form.remove());
  form.hidden = false;
}

/** What this device calls a zone that goes by two names, such as Kiev and Kyiv. */
function nameHere(zone) {
  try {
    return Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return zone;
  }
}

async function copy(event) {
  const button = event.currentTarget;
  try {
    await navigator.clipboard.writeText(text());
  } catch (error) {
    if (error.name !== "NotAllowedError") throw error;
    getSelection().selectAllChildren(document.querySelector("[data-text]"));
    return;
  }
  button.textContent = button.dataset.copied;
}

function download() {
  save(new File([`${text()}\n`], document.querySelector("[data-text]").dataset.file, { type: "text/plain" }));
}

function text() {
  const shown = document.querySelector("[data-text]");
  if (shown.value) return shown.value;
  const codes = [...shown.querySelectorAll("code")].map((code) => code.textContent);
  return [shown.dataset.head, "", ...codes].join("\n");
}
