// Shows what Kept pushes, and answers from its buttons through the queue, as a tap on the page would.
import { current, flush, keep, valueOf, waiting } from "./outbox.js";
import { send } from "./subscription.js";

let refresh = async () => {};

/** Listen, from the worker's first moment on; `renew` makes the device's copy of Today anew. */
export function start(renew) {
  refresh = renew;
  addEventListener("push", arrive);
  addEventListener("notificationclick", click);
  addEventListener("pushsubscriptionchange", (event) => event.waitUntil(resubscribe(event)));
}

/** Every push shows something: browsers take the right away from who is silent. */
function arrive(event) {
  if (event.notification && !buttons()) return; // the browser shows it by itself, and as well
  event.waitUntil(show(read(event.data)));
}

function read(data) {
  try {
    return data.json().notification ?? {};
  } catch {
    return {};
  }
}

async function show(said) {
  const mine = said.data?.leader && (await current()) === said.data.leader;
  const { title, app_badge: badge, actions = [], ...options } = mine ? said : plain(said);
  if (mine && badge !== undefined) navigator.setAppBadge?.(badge).catch(() => {}); // where there is none to show it
  await registration.showNotification(title, { ...options, actions: actions.slice(0, buttons()), renotify: Boolean(options.tag) });
}

/** What a device shows whose leader has left, or is another: nothing of theirs. */
function plain({ icon, tag }) {
  return { title: "Kept", icon, tag, data: { navigate: `${location.origin}/` } };
}

function buttons() {
  return self.Notification?.maxActions ?? 0;
}

function click(event) {
  const { notification, action } = event;
  const { sends, navigate } = notification.data ?? {};
  notification.close();
  event.waitUntil(sends?.[action] ? answer(notification, action) : open(navigate ?? `${location.origin}/`));
}

/** A button's form waits and is sent like any other; its key makes two taps, on two devices, one. */
async function answer({ title, data, actions }, action) {
  const { url, fields } = data.sends[action];
  const item = {
    leader: data.leader,
    url: new URL(url).pathname,
    fields: [...Object.entries(fields), ["answered_at", new Date().toISOString()]],
    label: labelOf(actions.find((button) => button.action === action)?.title, title, data),
    row: fields.commitment ? `promise-${fields.commitment}-${fields.date}` : "",
  };
  await keep(item);
  navigator.clearAppBadge?.().catch(() => {});
  await flush();
  if (await waits(item)) await registration.sync?.register("outbox").catch(() => {});
  else await refresh();
}

function labelOf(button, title, { label = "{button}: {title}" }) {
  return button ? label.replace("{button}", () => button).replace("{title}", () => title) : title;
}

async function waits(item) {
  const key = valueOf(item, "key");
  return (await waiting(item.leader)).some((other) => other.key === key && !other.sentAt);
}

async function open(url) {
  const windows = await clients.matchAll({ type: "window", includeUncontrolled: true });
  const there = windows.find((one) => one.url === url);
  return there ? there.focus() : clients.openWindow(url);
}

/** The browser changed where it is reached: Kept hears of it at once, or with the next opening. */
async function resubscribe({ newSubscription, oldSubscription }) {
  const key = oldSubscription?.options?.applicationServerKey;
  const fresh = newSubscription ?? (key && (await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key })));
  if (fresh) await send(fresh);
}
