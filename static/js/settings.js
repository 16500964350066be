// Offers the device's time zone where it differs; copies, downloads and prints what is shown once.
import { save } from "./share.js";

const moved = document.querySelector("[data-moved]");
if (moved) offerZone(moved);

for (const button of document.querySelectorAll("[data-copy], [data-download], [data-print]")) button.hidden = false;
for (const button of document.querySelectorAll("[data-copy]")) button.addEventListener("click", copy);
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
    await navigator.clipboard.writeText(text(shownBy(button)));
  } catch (error) {
    if (error.name !== "NotAllowedError") throw error;
    getSelection().selectAllChildren(shownBy(button));
    return;
  }
  button.textContent = button.dataset.copied;
}

function download() {
  const shown = document.querySelector("[data-text]");
  save(new File([`${text(shown)}\n`], shown.dataset.file, { type: "text/plain" }));
}

/** What a button copies: what stands before it, or the only text of the page. */
function shownBy(button) {
  return button.parentElement.querySelector("[data-text]") ?? document.querySelector("[data-text]");
}

function text(shown) {
  if (shown.value) return shown.value;
  if (!shown.dataset.head) return shown.textContent;
  const codes = [...shown.querySelectorAll("code")].map((code) => code.textContent);
  return [shown.dataset.head, "", ...codes].join("\n");
}
