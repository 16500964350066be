// Keeps the page to its day: it looks again when the day is over, when the network answers late, and when something changed.
const { serviceWorker } = navigator;
const BLOCKED = 2000; // ms until another try where the leader is writing
let madeAt = null; // when the copy that is shown was made; null where the page is the server's own
let asked = performance.timeOrigin;

/** Watch over the page. */
export async function watch() {
  madeAt = await askWorker();
  serviceWorker?.addEventListener("message", ({ data }) => data.kind === "fresh" && lookAgain());
  addEventListener("online", () => madeAt && lookAgain());
  newDay();
}

/** When the copy that is shown was made, or null where the page is the server's own. */
export function copyMadeAt() {
  return madeAt;
}

/** The instant, in ms, as of which the page is the server's own; 0 for a copy. */
export function asOf() {
  return madeAt ? 0 : asked;
}

/** What an answer changes on this page was just drawn. */
export function touch() {
  asked = Date.now();
}

/** Take the page as the server has it now; where the leader is busy in it, a little later. */
export async function lookAgain() {
  if (isBusy()) return void setTimeout(lookAgain, BLOCKED);
  const [place, now] = [document.getElementById("content"), Date.now()];
  const reply = await fetch(location.href, { headers: { "HX-History-Restore-Request": "true", "Kept-Copy": "show" } }).catch(() => null);
  if (!reply?.ok || reply.headers.has("Kept-Copy") || !window.htmx || isBusy()) return;
  const text = await reply.text();
  if (reply.headers.get("Kept-Leader") !== document.documentElement.dataset.leader) return location.reload();
  [madeAt, asked] = [null, now];
  await htmx.swap({ text, target: place, sourceElement: place, swap: "outerHTML", select: "#content", selectOOB: "#today-aside" });
}

function isBusy() {
  const field = document.activeElement;
  const isWriting = field?.matches("textarea, input:not([type=hidden])") && field.value !== field.defaultValue;
  return isWriting || document.querySelector("dialog[open]");
}

/** Show the new day when it begins, or when the page is looked at again after it has begun. */
function newDay() {
  const left = document.querySelector("[data-ends-in]")?.dataset.endsIn;
  if (!left || madeAt) return;
  const ends = asked + left * 1000;
  const look = () => {
    if (Date.now() >= ends && !document.hidden && !document.querySelector("dialog[open]")) location.reload();
  };
  document.addEventListener("visibilitychange", look);
  setInterval(look, 60_000);
}

async function askWorker() {
  if (!serviceWorker?.controller) return null;
  const { port1, port2 } = new MessageChannel();
  const answer = new Promise((resolve) => (port1.onmessage = ({ data }) => resolve(data)));
  serviceWorker.controller.postMessage({ kind: "copy" }, [port2]);
  return Promise.race([answer, new Promise((resolve) => setTimeout(resolve, 1000, null))]);
}
