// Reminders on this device: turned on by a tap, off by another, and mended whenever Kept is opened.
import { policy } from "./trusted.js";

const known = document.querySelector("script[data-reminded]"); // what the server takes this device for
const page = document.querySelector("[data-here]");

for (const form of document.querySelectorAll("form[data-subscribe]")) form.addEventListener("submit", turnOn);
for (const form of document.querySelectorAll("form[data-unsubscribe]")) form.addEventListener("submit", turnOff);
document.querySelector("form[action='/sign-out']")?.addEventListener("submit", forget);
if (page) say(standing());
if (known) mend(known.dataset);

/** What stands in the way here, else what the server says: on, off or lost. */
function standing() {
  if (!canBePushed()) return isApple() && !isInstalled() ? "install" : "none";
  return Notification.permission === "denied" ? "denied" : page.dataset.here;
}

function canBePushed() {
  return "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
}

function isApple() {
  return /iPhone|iPad|iPod/.test(navigator.userAgent) || (/Macintosh/.test(navigator.userAgent) && navigator.maxTouchPoints > 1);
}

function isInstalled() {
  return navigator.standalone === true || matchMedia("(display-mode: standalone)").matches;
}

function say(state) {
  for (const part of page.querySelectorAll("[data-when-here]")) part.hidden = !part.dataset.whenHere.split(" ").includes(state);
}

async function turnOn(event) {
  event.preventDefault();
  const form = event.currentTarget;
  const said = form.querySelector("[data-said]");
  const button = form.querySelector("button");
  said.textContent = "";
  button.disabled = true;
  try {
    if ((await Notification.requestPermission()) === "denied") return say("denied");
    for (const [name, value] of Object.entries(fieldsOf(await subscribe(form.dataset.vapid)))) form.elements[name].value = value;
    form.submit();
  } catch (error) {
    if (error.name !== "NotAllowedError") said.textContent = said.dataset.failed; // closed without a choice: nothing failed
  } finally {
    button.disabled = false;
  }
}

async function turnOff(event) {
  event.preventDefault();
  const form = event.currentTarget;
  await forget().catch(() => {}); // the server stops sending all the same
  form.submit();
}

async function forget() {
  const registration = await navigator.serviceWorker?.getRegistration();
  const subscription = await registration?.pushManager?.getSubscription();
  await subscription?.unsubscribe();
}

/** Make the server know the browser's subscription, and the browser have one that works. */
async function mend({ reminded, vapid }) {
  if (!canBePushed() || Notification.permission !== "granted") return;
  const { pushManager } = await worker();
  const held = await pushManager.getSubscription();
  if (held && isFor(held, vapid) && (await fingerprint(held.endpoint)) === reminded) return;
  const lost = !held || !isFor(held, vapid) || reminded === "";
  try {
    await send(lost ? await subscribe(vapid) : held);
  } catch {
    // No network or no push service now: the next opening tries again.
  }
}

async function subscribe(vapid) {
  const { pushManager } = await worker();
  await (await pushManager.getSubscription())?.unsubscribe();
  return pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(vapid) });
}

async function worker() {
  const registered = await navigator.serviceWorker.getRegistration();
  if (!registered) await navigator.serviceWorker.register(policy ? policy.createScriptURL("/sw.js") : "/sw.js", { type: "module" });
  return navigator.serviceWorker.ready;
}

function isFor(subscription, vapid) {
  const key = subscription.options?.applicationServerKey;
  return !key || String(new Uint8Array(key)) === String(bytes(vapid));
}

function send(subscription) {
  const fields = { key: crypto.randomUUID(), quietly: "yes", ...fieldsOf(subscription) };
  return fetch("/subscriptions", { method: "POST", headers: { "HX-Request": "true" }, body: new URLSearchParams(fields) });
}

function fieldsOf(subscription) {
  const { endpoint, keys } = subscription.toJSON();
  return { endpoint, p256dh: keys.p256dh, auth: keys.auth };
}

async function fingerprint(endpoint) {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(endpoint));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function bytes(base64url) {
  return Uint8Array.from(atob(base64url.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
}
