// What every page needs at once: an answer shows before the server speaks; the rest is loaded when first used.
import "./trusted.js";

const DOUBLE_TAP = 500; // ms in which a second tap on the same promise is the same tap

document.addEventListener("submit", answer, true);
document.addEventListener("click", openSheet);
document.addEventListener("click", dismiss);
document.addEventListener("click", sendDraft);
document.addEventListener("htmx:before:request", () => import("./motion.js"));
document.addEventListener("htmx:error", restore);
document.addEventListener("htmx:error", sayLost);
document.addEventListener("htmx:response:error", restore);
document.addEventListener("htmx:before:swap", holdFocus);
document.addEventListener("htmx:after:swap", giveFocus);
document.addEventListener("pointerdown", warm, { passive: true });

let focused = null; // the row that had the focus when it changed
const answered = new Map(); // row id → what it was, and when it was tapped

newDay(document.querySelector("[data-ends-in]")?.dataset.endsIn);

/** Show the new day when it begins, or when the page is looked at again after it has begun. */
function newDay(secondsLeft) {
  if (!secondsLeft) return;
  const ends = Date.now() + secondsLeft * 1000;
  const look = () => {
    if (Date.now() >= ends && !document.hidden && !document.querySelector("dialog[open]")) location.reload();
  };
  document.addEventListener("visibilitychange", look);
  setInterval(look, 60_000);
}

function answer(event) {
  const form = event.target;
  if (!form.matches("form[data-answers]")) return;
  const row = form.closest("[data-promise]");
  if (!row) return;
  const sheet = form.closest("dialog");
  const last = answered.get(row.id);
  if (last && !sheet && event.timeStamp - last.at < DOUBLE_TAP) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  renew(form);
  form.elements.answered_at.value = form.elements.sent_at.value = new Date().toISOString();
  if (!window.htmx) return;
  answered.set(row.id, { was: row.dataset.answer, at: event.timeStamp });
  show(row, form.dataset.answers || "open");
  if (sheet) sheet.close();
  else if (form.dataset.answers === "broken") sheets().then((module) => module.afterBroken(row.id));
}

/** Other words than those last sent are another write: they get a key of their own. */
function renew(form) {
  const words = new FormData(form);
  words.delete("key");
  words.delete("answered_at");
  words.delete("sent_at");
  const said = new URLSearchParams(words).toString();
  if (form.dataset.said !== undefined && form.dataset.said !== said) form.elements.key.value = crypto.randomUUID();
  form.dataset.said = said;
}

function show(row, standing) {
  holdFocus();
  row.dataset.answer = standing;
  giveFocus();
}

function holdFocus() {
  const row = document.activeElement?.closest("[data-promise]");
  focused = row && !row.querySelector("dialog[open]") ? row.id : null;
}

function giveFocus() {
  const row = focused && document.getElementById(focused);
  if (!row || document.activeElement?.offsetParent) return;
  [...row.querySelectorAll(".answer")].find((button) => button.offsetParent)?.focus({ preventScroll: true });
}

function restore(event) {
  const row = event.target.closest?.("[data-promise]");
  const last = row && answered.get(row.id);
  if (!last) return;
  row.dataset.answer = last.was;
  answered.delete(row.id);
}

function sayLost() {
  document.getElementById("flash").replaceChildren(document.getElementById("lost").content.cloneNode(true));
}

function openSheet(event) {
  const link = event.target.closest("a[data-sheet]");
  if (!link || event.defaultPrevented || event.metaKey || event.ctrlKey || event.shiftKey) return;
  if (!document.getElementById(link.dataset.sheet)) return;
  event.preventDefault();
  sheets().then((module) => module.open(link.dataset.sheet, link));
}

function dismiss(event) {
  event.target.closest("[data-dismiss]")?.closest(".toast")?.remove();
}

function sendDraft(event) {
  const button = event.target.closest("[data-share-draft]");
  if (button) import("./share.js").then((module) => module.sendDraft(button));
}

function warm(event) {
  if (event.target.closest("a[data-sheet], form[data-answers='broken']")) sheets();
}

function sheets() {
  return import("./sheets.js");
}
