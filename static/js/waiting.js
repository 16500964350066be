// What waits for the network, on the page: rows show it, one line counts it, and what the server says takes its place.
import { asOf, copyMadeAt, lookAgain, touch, watch } from "./day.js";
import { again, drop, flush, keep, lastSent, news, setCurrent, valueOf, waiting } from "./outbox.js";

const SOON = 1000; // ms after which an answer that is still under way is said to wait
const SHORT = 250; // ms in which several answers come to one look
const CALM = 4000; // ms after which the other pages are kept, too
const MOVED = ["/weeks/", "/account"];
const LATER = 2500; // ms after the last answer at which the device's copy is made anew
const { leader } = document.documentElement.dataset;
const { said: saids } = JSON.parse(document.getElementById("waiting").dataset.words);
const originals = new WeakMap(); // row → its state as the server last said it
const under = new Map(); // keys of answers that are on their way for the first time → their row

const settled = new Set(); // keys of answers whose row the server has drawn since

let signedOut = !leader && !document.querySelector("[data-no-network]"); // that page is everyone's
let retry = 0;
let renewal = 0;
let look = 0;
let drawing = null;
let wanted = false;
let moved = false; // whether something was written since Week and Account were kept

const channel = news();
channel.addEventListener("message", hear);
document.addEventListener("htmx:after:swap", draw);
document.addEventListener("visibilitychange", () => (document.hidden ? renewMoved() : catchUp()));
addEventListener("online", send);
addEventListener("pageshow", send);
await watch();
await begin();

/** Store what a form says, show it, and send it; where nothing can be stored it goes the plain way. */
export async function say(item, form) {
  const key = valueOf(item, "key");
  import("./motion.js");
  under.set(key, item.row);
  setTimeout(() => under.delete(key) && draw(), SOON);
  try {
    await keep(item);
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    return form.submit();
  }
  if (!item.row) form.reset();
  await draw();
  await send();
}

/** The browser may send what waits after the app is closed, and shall not clear it away. */
async function remind() {
  navigator.storage?.persist?.();
  const registration = await navigator.serviceWorker?.getRegistration();
  await registration?.sync?.register("outbox").catch(() => {}); // refused in private windows
}

async function begin() {
  if (leader) await setCurrent(leader);
  const wentPast = !performance.getEntriesByType?.("navigation")[0]?.workerStart;
  const here = location.pathname + location.search;
  moved = Boolean(document.querySelector("#flash .toast")); // it says what was just written
  if (wentPast || moved) renew(moved ? [...new Set(["/", here])] : [here]); // the worker did not keep this one
  setTimeout(renew, CALM, MOVED, !moved);
  await draw();
  catchUp();
}

/** Send what waits; and where something was taken since this page was made, by another tab or the worker, look again. */
async function catchUp() {
  await send();
  if (!copyMadeAt() && document.getElementById("balance") && (await lastSent()) > asOf()) lookAgain();
}

async function send() {
  clearTimeout(retry);
  if (!leader) return;
  const seconds = await flush();
  if (seconds) retry = setTimeout(send, seconds * 1000);
}

async function hear({ data }) {
  const isOthers = leader && data.leader !== leader;
  if (data.kind === "left" || (isOthers && data.kind === "leader" && data.leader)) return location.replace("/");
  if (isOthers) return;
  if (data.kind === "sent") return settle(data);
  if (data.kind === "signed-out") signedOut = true;
  if (data.kind === "later") remind();
  if (data.kind !== "leader") under.clear(); // no network, or a refusal: what is under way waits
  if (data.kind === "refused") await swap(data);
  await draw();
}

/** The server's own words take the place of what was shown; where this page did not ask, it looks again. */
async function settle({ key, row, html }) {
  signedOut = false;
  moved = true;
  const isMine = under.delete(key) && (await swap({ row, html }));
  if (isMine) touch(settled.add(key));
  await draw();
  clearTimeout(renewal);
  clearTimeout(look);
  if (isMine) renewal = setTimeout(renew, LATER, ["/"]);
  else if (document.getElementById("balance")) look = setTimeout(lookAgain, SHORT);
}

/** Draw the server's fragment; resolves to whether it was about a row of this page. */
async function swap({ row, html }) {
  const place = document.getElementById(row);
  const flash = document.getElementById("flash");
  if (!html || !window.htmx) return false;
  if (place) await htmx.swap({ text: html, target: place, sourceElement: place, swap: "outerHTML" });
  else if (!row) await htmx.swap({ text: html, target: flash, sourceElement: flash, swap: "none" });
  return Boolean(place);
}

function renewMoved() {
  if (moved) renew(MOVED);
  moved = false;
}

/** Have the device's copies made anew. */
async function renew(paths, missing = false) {
  if (!leader || !navigator.serviceWorker) return;
  const { active } = await navigator.serviceWorker.ready;
  active.postMessage({ kind: "renew", paths, missing });
}

/** What happens while the page is drawn is drawn right after it, at once. */
function draw() {
  wanted = true;
  drawing ??= drawAll().finally(() => (drawing = null));
  return drawing;
}

async function drawAll() {
  while (wanted) {
    wanted = false;
    await paint();
  }
}

async function paint() {
  const all = await waiting(leader || undefined);
  const unsent = all.filter((item) => !item.sentAt);
  if (leader) rows(all.filter((item) => !item.sentAt || (item.sentAt > asOf() && !settled.has(item.key))), unsent);
  const late = unsent.filter((item) => !item.reply && !under.has(item.key));
  const refused = unsent.filter((item) => item.reply);
  document.documentElement.toggleAttribute("data-waiting", late.length > 0);
  const strip = document.getElementById("waiting");
  if (strip.hidden && !late.length && !refused.length && !copyMadeAt()) return;
  const { show } = await import("./strip.js");
  show({ late, refused, signedOut, copy: copyMadeAt(), act });
}

/** Each row stands as the last answer about it says; without one, as the server said. */
function rows(said, unsent) {
  const answers = said.filter((item) => item.url === "/answers" && !item.reply?.final);
  const last = new Map(answers.map((item) => [rowOf(item), item]));
  const late = new Set(unsent.filter((item) => !item.reply?.final && !under.has(item.key)).map(rowOf));
  const busy = new Set(under.values());
  for (const row of document.querySelectorAll("[data-promise]")) {
    const item = last.get(row.id);
    if (item) remember(row);
    if (item) put(row, { answer: valueOf(item, "answer") || "open", nature: valueOf(item, "nature") || "mistake", told: valueOf(item, "told") || "no" });
    else if (!busy.has(row.id) && (originals.has(row) || row.dataset.was)) put(row, remember(row));
    row.toggleAttribute("data-pending", late.has(row.id));
  }
}

function rowOf(item) {
  return `promise-${valueOf(item, "commitment")}-${valueOf(item, "date")}`;
}

function remember(row) {
  const { was, answer, nature, told } = row.dataset;
  const words = row.querySelector("[data-said]")?.textContent;
  if (!originals.has(row)) originals.set(row, { answer: was ?? answer, nature, told, words });
  return originals.get(row);
}

function put(row, { words, ...state }) {
  Object.assign(row.dataset, state);
  const said = state.nature === "mistake" ? `mistake-${state.told}` : state.nature;
  const place = row.querySelector("[data-said]");
  if (place) place.textContent = words ?? saids[said];
}

/** What the leader does about a line of the strip: send all again, try one again, or let it go. */
async function act(deed, id) {
  if (deed === "again") await again(id);
  if (deed === "drop") await drop(id);
  await draw();
  if (deed !== "drop") await send();
}
