// This browser's push subscription, for pages and the worker alike: made, told to Kept, and ended.

/** A fresh subscription for Kept's key, in place of an older one. */
export async function subscribe(registration, vapid) {
  await (await registration.pushManager.getSubscription())?.unsubscribe();
  return registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(vapid) });
}

/** End it in the browser, and take away what it shows. */
export async function end(registration) {
  const subscription = await registration?.pushManager?.getSubscription();
  await subscription?.unsubscribe();
  for (const shown of (await registration?.getNotifications?.()) ?? []) shown.close();
}

/** Tell Kept where this device is reached now. */
export function send(subscription) {
  const fields = { key: crypto.randomUUID(), quietly: "yes", ...fieldsOf(subscription) };
  const headers = { "HX-Request": "true", "HX-Request-Type": "partial" };
  return fetch("/subscriptions", { method: "POST", headers, redirect: "manual", body: new URLSearchParams(fields) });
}

export function fieldsOf(subscription) {
  const { endpoint, keys } = subscription.toJSON();
  return { endpoint, p256dh: keys.p256dh, auth: keys.auth };
}

/** Whether it takes what bears this key of Kept's; where the browser does not say, it does. */
export function isFor(subscription, vapid) {
  const key = subscription.options?.applicationServerKey;
  return !key || String(new Uint8Array(key)) === String(bytes(vapid));
}

function bytes(base64url) {
  return Uint8Array.from(atob(base64url.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
}
