// Kept as an app: how to install it, a new version when there is one, and what is open on its badge.
const HOUR = 3_600_000; // ms
const place = document.querySelector("[data-install]");
const isApp = matchMedia("(display-mode: standalone), (display-mode: minimal-ui)").matches || navigator.standalone;
const isApple = /iPhone|iPad|iPod/.test(navigator.userAgent) || (navigator.platform === "MacIntel" && navigator.maxTouchPoints > 1);

if (place && !isApp) offer();
badge();
document.addEventListener("htmx:after:swap", badge);
navigator.serviceWorker?.getRegistration().then((registration) => registration && lookForNewer(registration));

/** The browser is ready to install Kept: `event` opens its own question. */
export function ask(event) {
  if (!place) return;
  const button = place.querySelector("[data-install-now]");
  button.onclick = async () => {
    await event.prompt();
    if ((await event.userChoice).outcome === "accepted") place.hidden = true;
  };
  reveal("[data-askable]");
}

/** On Apple's phones only the leader can install it; elsewhere the browser says when it can. */
function offer() {
  place.querySelector("[data-not-now]")?.addEventListener("click", () => {
    localStorage.setItem("no-install", "yes");
    place.hidden = true;
  });
  if (isApple) reveal("[data-apple]");
  else if (isAlways()) reveal("[data-other]");
}

/** In Settings it always stands; elsewhere until it is dismissed. */
function reveal(how) {
  if (!isAlways() && localStorage.getItem("no-install")) return;
  for (const way of place.querySelectorAll("[data-way]")) way.hidden = !way.matches(how);
  place.hidden = false;
}

function isAlways() {
  return place.dataset.install === "always";
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
