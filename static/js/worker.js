// The service worker: opens Kept without a network, keeps each leader's own pages apart, and sends what waits.
import { start as startNotifications } from "./notifications.js";
import { current, flush, keep, setCurrent, shown } from "./outbox.js";

const QUICK = 1500; // ms for the network where a copy of today is there
const SLOW = 4000; // ms where the copy is older
const MOST = 24; // pages kept for a leader
const QUEUED = new Set(["/answers", "/promises", "/lapses"]);
const NO_NETWORK = new Set(["TypeError", "NetworkError"]); // fetch says the one, a preload the other
const GONE = new Set([502, 503, 504]); // a gateway's words for a server that is not there

let files = new Set();
let shelf = "";
const served = new Map(); // client id → when the copy it shows was made

/** Begin to serve: `version` names this release, `assets` are its files, the offline page among them. */
export function start(version, assets) {
  files = new Set(assets);
  shelf = `static-${version}`;
  addEventListener("install", (event) => event.waitUntil(stock()));
  addEventListener("activate", (event) => event.waitUntil(settle()));
  addEventListener("fetch", answer);
  addEventListener("sync", (event) => event.tag === "outbox" && event.waitUntil(flush().then(() => renew(["/"]))));
  addEventListener("message", listen);
  startNotifications(() => renew(["/"]));
}

async function stock() {
  const cache = await caches.open(shelf);
  await cache.addAll([...files]);
}

async function settle() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("static-") && name !== shelf).map((name) => caches.delete(name)));
  await registration.navigationPreload?.enable();
  await clients.claim();
}

/** Keep these pages as they are now; with `missing`, those of which there is no copy. */
async function renew(paths, missing = false) {
  for (const path of paths) {
    const url = new URL(path, location);
    if (!isPage(url) || (missing && (await copyOf(url)))) continue;
    await load(new Request(path, { headers: { Accept: "text/html", "Kept-Copy": "renew" } })).catch(() => {});
  }
}

function answer(event) {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (request.mode === "navigate" && request.method === "GET") event.respondWith(visit(event, url));
  else if (request.mode === "navigate" && isOurForm(request, url)) event.respondWith(post(request, url));
  else if (request.headers.has("HX-History-Restore-Request")) event.respondWith(visit(event, url));
  else if (files.has(url.pathname)) event.respondWith(fromShelf(request, url));
}

async function fromShelf(request, url) {
  return (await caches.match(url.pathname, { cacheName: shelf })) ?? fetch(request);
}

/** The network first; where it is slow or gone, the leader's own copy; else a page that says so. */
async function visit(event, url) {
  const copy = isPage(url) ? await copyOf(url) : null;
  const network = load(event.request, event.preloadResponse);
  event.waitUntil(network.catch(() => {}));
  try {
    const reply = await (copy ? within(copy.isOfToday ? QUICK : SLOW, network) : network);
    if (reply && !(copy && GONE.has(reply.status))) return reply;
  } catch (error) {
    if (!NO_NETWORK.has(error.name)) throw error;
    if (!copy) return offline();
  }
  served.set(event.resultingClientId, copy.madeAt);
  network.then((reply) => reply.ok && freshen(event.resultingClientId)).catch(() => {});
  return copy.response;
}

async function load(request, preload) {
  const [leader, asked] = [await current(), Date.now()];
  const reply = (await preload) || (await fetch(request));
  await file(request, reply, leader, asked);
  return reply;
}

/** Keep a page that says it may be kept, and only for the leader whose it is. */
async function file(request, reply, before, asked) {
  const leader = reply.headers.get("Kept-Leader");
  if (!leader || reply.type !== "basic" || self.serviceWorker?.state === "redundant") return;
  const after = await current();
  if (before !== after && after !== leader) return; // signed out meanwhile: it comes too late
  await own(leader);
  if (reply.status !== 200 || reply.redirected || !reply.headers.has("Kept-For")) return;
  const cache = await caches.open(`pages-${leader}`);
  const path = pathOf(new URL(request.url));
  await cache.put(path, await copied(reply));
  if (path === "/") await shown(leader, asked);
  const keys = await cache.keys();
  await Promise.all(keys.slice(0, Math.max(0, keys.length - MOST)).map((key) => cache.delete(key)));
}

/** What is kept of a reply, with the times of this device's clock: when it was made and until when it is of today. */
async function copied(reply) {
  const body = await reply.clone().blob();
  const headers = new Headers(reply.headers);
  headers.set("Kept-Copy", new Date().toISOString());
  headers.set("Kept-Until", Date.now() + Number(headers.get("Kept-For")) * 1000);
  return new Response(body, { headers });
}

/** Who is signed in here, by the server's word: nobody else's pages stay. */
async function own(leader) {
  const mine = `pages-${leader}`;
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("pages-") && name !== mine).map((name) => caches.delete(name)));
  await setCurrent(leader === "none" ? null : leader);
}

async function copyOf(url) {
  const leader = await current();
  const name = `pages-${leader}`;
  if (!leader || !(await caches.has(name))) return null;
  const response = await caches.match(pathOf(url), { cacheName: name });
  if (!response) return null;
  const isOfToday = Date.now() < Number(response.headers.get("Kept-Until"));
  return { response, isOfToday, madeAt: response.headers.get("Kept-Copy") };
}

function isPage({ pathname }) {
  return pathname === "/" || pathname === "/account" || /^\/weeks\/[0-9W-]*$/.test(pathname);
}

/** `/` has one copy, whatever way it was opened. */
function pathOf(url) {
  return url.pathname === "/" ? "/" : url.pathname + url.search;
}

async function offline() {
  return (await caches.match("/offline", { cacheName: shelf })) ?? Response.error();
}

/** Another site's form reaches the server alone, which refuses it; it is never kept. */
function isOurForm({ referrer }, { pathname }) {
  return QUEUED.has(pathname) && referrer.startsWith(`${location.origin}/`);
}

/** A form that was sent before the page's script could take it waits like any other. */
async function post(request, url) {
  const kept = await request.clone().formData();
  try {
    return await fetch(request);
  } catch (error) {
    if (!NO_NETWORK.has(error.name)) throw error;
    const leader = await current();
    if (!kept.get("key") || !leader) return offline();
    const now = new Date().toISOString();
    const fields = [...kept].map(([name, value]) => [name, name === "answered_at" ? value || now : value]);
    await keep({ leader, url: url.pathname, fields, label: "", row: "" });
    return Response.redirect("/", 303);
  }
}

function within(limit, promise) {
  return Promise.race([promise, new Promise((resolve) => setTimeout(resolve, limit, null))]);
}

async function freshen(id) {
  served.delete(id);
  (await clients.get(id))?.postMessage({ kind: "fresh" });
}

function listen(event) {
  const { data, source, ports } = event;
  if (data.kind === "take-over") skipWaiting();
  if (data.kind === "claim") event.waitUntil(clients.claim());
  if (data.kind === "renew") event.waitUntil(renew(data.paths, data.missing));
  if (data.kind === "copy") ports[0].postMessage(served.get(source.id) ?? null);
}
