// Signing out: what waits is sent first or the leader is asked, then everything private goes from this device.
import { flush, forget, news, waiting } from "./outbox.js";
import { end } from "./subscription.js";

const PATIENCE = 8000; // ms for what waits to be sent first
const SOON = 1500; // ms for the browser to end its push
const { leader } = document.documentElement.dataset;

/** Carry out a form that ends this device's session; `data-leave="all"` ends the account, and asks nothing more. */
export async function leave(form) {
  if (form.dataset.leave !== "all" && !(await settled())) return;
  const reply = await post(form);
  if (!reply) return say("not-left");
  const way = reply.headers.get("HX-Redirect");
  if (!reply.ok) return way ? location.assign(way) : form.submit();
  await clear();
  location.replace(way ?? "/");
}

/** Whether nothing waits, or the leader would rather lose it. */
async function settled() {
  await within(PATIENCE, flush());
  const left = (await waiting(leader)).filter((item) => !item.sentAt);
  return left.length === 0 || agreed();
}

function agreed() {
  const dialog = document.getElementById("leave");
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => dialog.addEventListener("close", () => resolve(dialog.returnValue === "leave"), { once: true }));
}

function post(form) {
  const headers = { "HX-Request": "true", "HX-Request-Type": "partial" };
  return fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), headers, redirect: "manual" }).catch(() => null);
}

async function clear() {
  localStorage.setItem("left", Date.now());
  await forget(leader);
  for (const name of await caches.keys()) if (name.startsWith("pages-")) await caches.delete(name);
  await navigator.clearAppBadge?.();
  sessionStorage.clear();
  const channel = news();
  channel.postMessage({ kind: "left", leader });
  channel.close();
  await within(SOON, endPush());
}

/** With the session Kept stops sending anyway. */
async function endPush() {
  await end(await navigator.serviceWorker?.getRegistration()).catch(() => {});
}

function within(limit, promise) {
  return Promise.race([promise, new Promise((resolve) => setTimeout(resolve, limit))]);
}

function say(name) {
  document.getElementById("flash").replaceChildren(document.getElementById(name).content.cloneNode(true));
}
