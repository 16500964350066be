// Keeps what was said until Kept has it: in IndexedDB, in order, sent by one sender at a time, from pages and the worker alike.
const PATIENCE = 20_000; // ms for one answer to get through
const REFUSALS = new Set([400, 403, 404, 405, 409, 410, 413, 415, 422]);
const STRANGE = 60; // s until another try where it is the network that refuses
const FAULTS = 3; // so many faults of the server on one answer, and the next gets its turn

/** Tells all pages of this device what became of an answer. */
export const news = () => new BroadcastChannel("kept");

let opened = null;

/** Store a write at once, on the disk: {leader, url, fields: [[name, value], …], label, row}. A known key is stored already. */
export async function keep(item) {
  const key = valueOf(item, "key");
  const stored = { ...item, key, keptAt: Date.now(), tries: 0, reply: null, sentAt: 0 };
  try {
    await run("outbox", "readwrite", (store) => store.add(stored));
  } catch (error) {
    if (error.name !== "ConstraintError") throw error;
  }
}

/** What waits on this device, oldest first: this leader's, or everybody's. */
export async function waiting(leader) {
  const items = await run("outbox", "readonly", (store) => store.getAll());
  return leader === undefined ? items : items.filter((item) => item.leader === leader);
}

/** What was sent stays until the device's own copy of Today is younger: `made` is when that was asked for, in ms. */
export async function shown(leader, made) {
  for (const item of await waiting(leader)) if (item.sentAt && item.sentAt < made) await drop(item.id);
}

/** Send what waits for whoever is signed in here; resolves to the seconds after which to try again, or 0. */
export async function flush() {
  return navigator.locks ? navigator.locks.request("kept-outbox", drain) : drain();
}

/** Give a refused answer another try with the next flush. */
export async function again(id) {
  await change(id, { reply: null, tries: 0, refused: undefined });
}

/** Take an answer out of the queue, sent or not. */
export async function drop(id) {
  await run("outbox", "readwrite", (store) => store.delete(id));
}

/** Whose answers may be sent from this device: the leader whose page the server last gave it, or null. */
export async function current() {
  return (await run("meta", "readonly", (store) => store.get("leader"))) ?? null;
}

/** When an answer was last taken, in ms; 0 where none ever was. */
export async function lastSent() {
  return (await run("meta", "readonly", (store) => store.get("sentAt"))) ?? 0;
}

/** Note who is signed in; pages of anyone else hear of it. */
export async function setCurrent(leader) {
  if ((await current()) === leader) return;
  await run("meta", "readwrite", (store) => store.put(leader, "leader"));
  tell({ kind: "leader", leader });
}

/** Forget all that this leader left here. */
export async function forget(leader) {
  for (const item of await waiting(leader)) await drop(item.id);
  if ((await current()) === leader) await setCurrent(null);
}

/** The value of a stored field. */
export function valueOf(item, name) {
  return item.fields.find(([field]) => field === name)?.[1] ?? "";
}

async function drain() {
  const leader = await current();
  let after = 0;
  let strange = 0; // refusals in a row that were not Kept's own: then it is the network that refuses
  for (let batch; leader && (batch = await unsent(leader, after)).length; after = batch.at(-1).id) {
    for (const { id } of batch) {
      const item = await run("outbox", "readonly", (store) => store.get(id));
      if (!item) continue; // the leader let it go meanwhile
      const reply = await send(item);
      const outcome = judge(item, reply);
      if (outcome === "sent") await sent(item, reply);
      else if (outcome === "refused") await noteRefusal(item, reply);
      else return stop(item, reply, outcome);
      strange = outcome === "refused" && !reply.read ? strange + 1 : 0;
      if (strange > 1) return STRANGE;
    }
  }
  return 0;
}

async function unsent(leader, after) {
  return (await waiting(leader)).filter((item) => item.id > after && !item.sentAt && !item.reply?.final);
}

async function send(item) {
  const body = new URLSearchParams([...item.fields.filter(([name]) => name !== "sent_at"), ["sent_at", new Date().toISOString()]]);
  try {
    const reply = await fetch(item.url, {
      method: "POST",
      body,
      redirect: "manual",
      signal: AbortSignal.timeout?.(PATIENCE),
      headers: { "HX-Request": "true", "HX-Request-Type": "partial", "Kept-Leader": item.leader, ...width() },
    });
    return {
      status: reply.status,
      ok: reply.ok,
      read: reply.headers.get("Kept-Key") === item.key, // a portal's 200 does not say so
      wait: Number(reply.headers.get("Retry-After")) || 0,
      html: await reply.text(),
    };
  } catch (error) {
    if (!["TypeError", "AbortError", "TimeoutError", "NetworkError"].includes(error.name)) throw error;
    return { status: 0 };
  }
}

/** A phone has no room beside the page; the worker does not know where the answer will be shown. */
function width() {
  return globalThis.matchMedia?.("(max-width: 59.9rem)").matches ? {} : { "Kept-Wide": "1" };
}

function judge(item, { status, ok, read }) {
  if (ok && read) return "sent";
  if (status === 401) return "signed-out";
  if (REFUSALS.has(status)) return "refused";
  return status >= 500 && read && item.tries + 1 >= FAULTS ? "refused" : "later";
}

async function sent(item, { html }) {
  const { id, key, leader, row, url } = item;
  const now = Date.now();
  await change(id, { sentAt: now, reply: null });
  await run("meta", "readwrite", (store) => store.put(now, "sentAt"));
  if (row) await settle(item);
  tell({ kind: "sent", key, leader, row, url, html });
}

/** An answer that was taken settles what was refused before it about the same promise. */
async function settle({ id, row }) {
  await run("outbox", "readwrite", (store) => {
    const rows = store.index("refused").openCursor(row);
    rows.onsuccess = () => {
      const found = rows.result;
      if (found && found.value.id < id) found.delete();
      found?.continue();
    };
    return rows;
  });
}

/** Kept's own refusal is final until the leader asks again; another's may pass with the network it came from. */
async function noteRefusal(item, { status, read, html }) {
  await change(item.id, { tries: item.tries + 1, reply: { status, html, final: Boolean(read) }, refused: item.row });
  tell({ kind: "refused", key: item.key, leader: item.leader, row: item.row, html: read ? html : "", status });
}

async function stop(item, { status, wait }, outcome) {
  await change(item.id, { tries: item.tries + 1 });
  tell({ kind: outcome, leader: item.leader });
  if (outcome === "signed-out" || !status) return 0; // news of the network or of a session comes by itself
  return wait || Math.min(300, 5 * 2 ** Math.min(item.tries, 6));
}

function tell(message) {
  const channel = news();
  channel.postMessage(message);
  channel.close();
}

async function change(id, changes) {
  await run("outbox", "readwrite", (store) => {
    const found = store.get(id);
    found.onsuccess = () => found.result && store.put({ ...found.result, ...changes });
    return found;
  });
}

async function run(name, mode, work) {
  const database = await open();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(name, mode, { durability: "strict" });
    const request = work(transaction.objectStore(name));
    transaction.oncomplete = () => resolve(request.result);
    transaction.onabort = () => reject(transaction.error ?? request.error);
  });
}

function open() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open("kept", 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("outbox", { keyPath: "id", autoIncrement: true }).createIndex("key", "key", { unique: true });
      request.transaction.objectStore("outbox").createIndex("refused", "refused"); // by the row of the promise
      request.result.createObjectStore("meta");
    };
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const close = () => (opened = null);
      request.result.onclose = close;
      request.result.onversionchange = () => close(request.result.close());
      resolve(request.result);
    };
  });
  opened.catch(() => (opened = null));
  return opened;
}
