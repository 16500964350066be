// Reminders on this device: turned on by a tap, off by another, and mended whenever Kept is opened.
import { end, fieldsOf, isFor, send, subscribe } from "./subscription.js";

const known = document.querySelector("script[data-reminded]"); // what the server takes this device for
const page = document.querySelector("[data-here]");

for (const form of document.querySelectorAll("form[data-subscribe]")) form.addEventListener("submit", turnOn);
for (const form of document.querySelectorAll("form[data-unsubscribe]")) form.addEventListener("submit", turnOff);
if (page) say(standing());
if (known) mend(known.dataset);
navigator.clearAppBadge?.(); // it is being looked at

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
    const permission = await Notification.requestPermission();
    if (permission === "denied") return say("denied");
    if (permission !== "granted") return; // closed without a choice
    const subscription = await subscribe(await navigator.serviceWorker.ready, form.dataset.vapid);
    for (const [name, value] of Object.entries(fieldsOf(subscription))) form.elements[name].value = value;
    form.submit();
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    said.textContent = said.dataset.failed;
  } finally {
    button.disabled = false;
  }
}

async function turnOff(event) {
  event.preventDefault();
  const form = event.currentTarget;
  await end(await navigator.serviceWorker?.getRegistration()).catch(() => {}); // Kept stops sending all the same
  form.submit();
}

/** Make Kept know the browser's subscription, and the browser have one that works. */
async function mend({ reminded, vapid }) {
  if (!canBePushed() || Notification.permission !== "granted") return;
  const registration = await navigator.serviceWorker.ready;
  const held = await registration.pushManager.getSubscription();
  const works = held && isFor(held, vapid) && reminded !== "";
  if (works && (await fingerprint(held.endpoint)) === reminded) return;
  try {
    const reply = await send(works ? held : await subscribe(registration, vapid));
    if (reply.ok && page?.dataset.here === "lost") location.reload();
  } catch (error) {
    if (!(error instanceof DOMException || error instanceof TypeError)) throw error; // no network: the next opening tries again
  }
}

async function fingerprint(endpoint) {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(endpoint));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
