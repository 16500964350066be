// What every page needs at once: an answer shows before the server speaks; the rest is loaded when first used.

/** The one Trusted Types policy: htmx alone writes HTML, and only our service worker is registered. */
export const policy = window.trustedTypes?.createPolicy("htmx", {
  createHTML: (text) => text,
  createScript: (text) => text,
  createScriptURL: (url) => (url === "/sw.js" ? url : null),
});
window.htmx?.registerExtension("tt", { init: (api) => policy && api.initSecurity(policy) });

const DOUBLE_TAP = 500; // ms in which a second tap on the same promise is the same tap
const PATIENCE = 3000; // ms for the worker to be there
const YEAR = 31536000; // s
const { leader } = document.documentElement.dataset; // nobody where it is empty
const loadedAt = Date.now();
const wide = matchMedia("(min-width: 60rem)");

document.addEventListener("submit", take, true);
document.addEventListener("click", openSheet);
document.addEventListener("click", dismiss);
document.addEventListener("click", sendDraft);
document.addEventListener("htmx:error", sayLost);
document.addEventListener("htmx:before:swap", holdFocus);
document.addEventListener("htmx:after:swap", giveFocus);
document.addEventListener("htmx:after:swap", readOut);
document.addEventListener("pointerdown", warm, { passive: true });
addEventListener("pageshow", hideLeft);
addEventListener("load", settle);
wide.addEventListener("change", widen);
addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  installed().then((module) => module.ask(event));
});

let focused = null; // how to find again what had the focus when it changed
const tapped = new Map(); // row id → when it was last tapped

/** The host has switched the worker off: it goes at once, however busy it is, with all that it kept. */
async function retire(worker) {
  const here = (await worker?.getRegistrations()) ?? [];
  await Promise.all(here.map((registration) => registration.unregister()));
  for (const name of worker ? await caches.keys() : []) await caches.delete(name);
}

/** What is not needed for the first look comes after it: from the worker's shelf where there is one. */
async function settle() {
  widen();
  const worker = navigator.serviceWorker;
  const url = policy?.createScriptURL("/sw.js") ?? "/sw.js";
  if (document.documentElement.dataset.worker === "off") return retire(worker);
  const registration = await worker?.register(url, { type: "module" }).catch(() => null); // too old a browser needs the network
  if (registration) await Promise.race([worker.ready, new Promise((over) => setTimeout(over, PATIENCE))]);
  if (!worker?.controller) registration?.active?.postMessage({ kind: "claim" });
  waiting();
  readOut();
  const isApp = matchMedia("(display-mode: standalone)").matches || navigator.standalone;
  if (isApp || registration?.waiting || document.querySelector("[data-install]")) installed();
  registration?.addEventListener("updatefound", installed);
}

/** The server draws the curve beside Today once it knows that there is room; a page without it asks for it. */
async function widen() {
  const secure = location.protocol === "https:" ? "; secure" : "";
  const told = document.cookie.split("; ").includes("wide=1");
  if (told !== wide.matches) document.cookie = `wide=1; path=/; samesite=lax; max-age=${wide.matches ? YEAR : 0}${secure}`;
  const aside = document.getElementById("today-aside");
  if (!wide.matches || !aside || aside.dataset.drawn !== undefined) return;
  const answer = await fetch("/", { headers: { "Kept-Copy": "show" } }).catch(() => null);
  const place = { target: aside, sourceElement: aside, swap: "outerHTML", select: "#today-aside" };
  if (answer?.ok && answer.headers.get("Kept-Leader") === leader && window.htmx) await htmx.swap({ ...place, text: await answer.text() });
}

/** Answers, promises and lapses go through the queue; so does a tap that comes before its module. */
function take(event) {
  const form = event.target;
  if (form.matches("form[data-leave]")) return leave(event);
  if (!leader || !form.matches("form[data-queue]") || !form.reportValidity()) return;
  const row = form.closest("[data-promise]");
  if (form.dataset.answers !== undefined && !row) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (row && isDouble(event, form, row)) return;
  name(form);
  if (row) show(form, row);
  const fields = [...new FormData(form, event.submitter)];
  form.closest("dialog")?.close();
  const item = { leader, url: form.getAttribute("action"), fields, label: labelOf(form, row), row: row?.id ?? "" };
  waiting().then((module) => module.say(item, form));
}

function isDouble(event, form, row) {
  const last = tapped.get(row.id);
  tapped.set(row.id, event.timeStamp);
  return last !== undefined && !form.closest("dialog") && event.timeStamp - last < DOUBLE_TAP;
}

/** What the line of what waits calls it: by the name of the button that says the same, or by the form's own. */
function labelOf(form, row) {
  if (!row) return form.dataset.label.replace("{title}", () => form.elements.title.value);
  const button = row.querySelector(`form[data-answers="${form.dataset.answers}"] > [aria-label]`);
  return button?.getAttribute("aria-label") ?? row.querySelector(".promise-title").textContent;
}

/** Each write has a key of its own, and the time at which it was said. */
function name(form) {
  form.elements.key.value = crypto.randomUUID();
  form.elements.answered_at.value = form.elements.sent_at.value = new Date().toISOString();
}

function show(form, row) {
  holdFocus();
  row.dataset.was ??= row.dataset.answer;
  row.dataset.answer = form.dataset.answers || "open";
  giveFocus();
  if (form.dataset.answers === "broken" && !form.closest("dialog")) sheets().then((module) => module.afterBroken(row.id));
}

function holdFocus() {
  const here = document.activeElement;
  const home = document.querySelector("dialog[open]") ? null : here?.closest("[id]");
  const name = ["aria-label", "href", "name"].find((each) => here?.hasAttribute(each));
  focused = home && { home: home.id, same: name ? `${here.localName}[${name}="${CSS.escape(here.getAttribute(name))}"]` : here.localName };
}

/** The same again, else the outermost answer of the row, else what opens the place, else the place; what is hidden takes no focus. */
function giveFocus() {
  const here = document.activeElement;
  const home = focused && document.getElementById(focused.home);
  if (!home || (here !== document.body && here.getClientRects().length)) return;
  const all = (selector) => [...home.querySelectorAll(selector)];
  const ways = [...all(focused.same), ...all(".answer").reverse(), ...all("summary, a, button"), home];
  ways.find((way) => way !== here && (way.focus({ preventScroll: true }), document.activeElement === way));
}

function sayLost() {
  document.getElementById("flash").replaceChildren(document.getElementById("lost").content.cloneNode(true));
}

function openSheet(event) {
  const link = event.target.closest("a[data-sheet]");
  if (!link || event.defaultPrevented || event.metaKey || event.ctrlKey || event.shiftKey) return;
  const row = link.closest("[data-promise]");
  if (!document.getElementById(row ? "promise-sheet" : link.dataset.sheet)) return;
  event.preventDefault();
  sheets().then((module) => module.open(row ? `sheet-${row.id}` : link.dataset.sheet, link));
}

function dismiss(event) {
  event.target.closest("[data-dismiss]")?.closest(".toast")?.remove();
}

function sendDraft(event) {
  const button = event.target.closest("[data-share-draft]");
  if (button) import("./share.js").then((module) => module.sendDraft(button));
}

function readOut() {
  if (document.querySelector("[data-days]")) import("./chart.js");
}

function leave(event) {
  event.preventDefault();
  import("./leave.js").then((module) => module.leave(event.target));
}

/** A page that Back brings up again after its leader signed out shows nothing. */
function hideLeft(event) {
  if (!event.persisted || Number(localStorage.getItem("left")) < loadedAt) return;
  document.body.replaceChildren();
  location.replace("/");
}

function warm(event) {
  if (event.target.closest("a[data-sheet], form[data-answers='broken']")) sheets();
}

function sheets() {
  return import("./sheets.js");
}

function waiting() {
  return import("./waiting.js");
}

function installed() {
  return import("./installed.js");
}
