// Kept as an app: how to install it, a new version when there is one, and what is open on its badge.
const HOUR = 3_600_000; // ms
const isApp = matchMedia("(display-mode: standalone), (display-mode: minimal-ui)").matches || navigator.standalone;
const isApple = /iPhone|iPad|iPod/.test(navigator.userAgent) || (navigator.platform === "MacIntel" && navigator.maxTouchPoints > 1);
let question = null; // the browser's own, where it is ready to install Kept

show();
document.addEventListener("htmx:after:swap", show);
document.addEventListener("click", press);
navigator.serviceWorker?.getRegistration().then((registration) => registration && lookForNewer(registration));

/** The browser is ready to install Kept: `event` opens its own question. */
export function ask(event) {
  question = event;
  show();
}

function show() {
  const place = document.querySelector("[data-install]");
  if (place && !isApp) offer(place);
  badge();
}

/** How this browser installs it: in Settings always, elsewhere until it is dismissed. */
function offer(place) {
  const isAlways = place.dataset.install === "always";
  const way = question ? "[data-askable]" : isApple ? "[data-apple]" : isAlways && "[data-other]";
  if (!way || (!isAlways && localStorage.getItem("no-install"))) return;
  for (const each of place.querySelectorAll("[data-way]")) each.hidden = !each.matches(way);
  place.hidden = false;
}

async function press({ target }) {
  const place = target.closest("[data-install]");
  if (target.closest("[data-not-now]") && place) {
    localStorage.setItem("no-install", "yes");
    place.hidden = true;
  } else if (target.closest("[data-install-now]")) {
    await question.prompt();
    if ((await question.userChoice).outcome === "accepted") place.hidden = true;
  }
}

/** What is open, on the app's icon where the platform has a badge. */
function badge() {
  if (!navigator.setAppBadge || !document.getElementById("today")) return;
  const open = document.querySelectorAll("[data-promise][data-due]:is([data-answer=open], [data-answer=silent])").length;
  navigator.setAppBadge(open).catch(() => {}); // only an installed app has an icon
}

function lookForNewer(registration) {
  let looked = Date.now();
  document.addEventListener("visibilitychange", () => {
    if (document.hidden || Date.now() - looked < HOUR) return;
    looked = Date.now();
    registration.update().catch(() => {}); // without a network there is none
  });
  registration.addEventListener("updatefound", () => {
    const { installing } = registration;
    installing.addEventListener("statechange", () => installing.state === "installed" && tell(registration));
  });
  tell(registration);
}

/** The leader decides when: an open page goes on with the version it was loaded with. */
function tell({ waiting }) {
  if (!waiting || !navigator.serviceWorker.controller) return;
  const flash = document.getElementById("flash");
  flash.replaceChildren(document.getElementById("new-version").content.cloneNode(true));
  flash.querySelector("[data-take-over]").addEventListener("click", () => {
    navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
    waiting.postMessage({ kind: "take-over" });
  });
}
