// Signing out: what waits is sent first or the leader is asked, then everything private goes from this device.
import { flush, forget, news, waiting } from "./outbox.js";
import { end } from "./subscription.js";

const PATIENCE = 8000; // ms for what waits to be sent first
const { leader } = document.documentElement.dataset;

/** Carry out a form that ends this device's session. */
export async function leave(form) {
  await Promise.race([flush(), new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
  const left = (await waiting(leader)).filter((item) => !item.sentAt).length;
  if (left && !(await agreed())) return;
  await end(await navigator.serviceWorker?.getRegistration()).catch(() => {}); // with the session Kept stops sending anyway
  const reply = await post(form);
  if (!reply?.ok) return say("not-left");
  await clear();
  location.replace(reply.headers.get("HX-Redirect") ?? "/");
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
}

function say(name) {
  document.getElementById("flash").replaceChildren(document.getElementById(name).content.cloneNode(true));
}
