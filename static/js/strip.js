// The line above the bar: what waits for the network, what was refused and why, and how old a copy is.
import { policy } from "./app.js";

const strip = document.getElementById("waiting");
const words = JSON.parse(strip.dataset.words);
const plural = new Intl.PluralRules(document.documentElement.lang);
const time = new Intl.DateTimeFormat(document.documentElement.lang, { timeStyle: "short" });
const day = new Intl.DateTimeFormat(document.documentElement.lang, { weekday: "long" });
const LONGEST = 160; // characters of a reason
const MOST = 30; // lines

let deed = () => {};
strip.addEventListener("click", press);

/** Say it, or nothing where there is nothing to say. */
export function show({ late, refused, signedOut, copy, act }) {
  deed = act;
  const said = [
    late.length && counted(signedOut ? "signed_out" : "waiting", late.length),
    refused.length && counted("refused", refused.length),
    copy && (late.length || refused.length ? words.as_of : words.copy).replace("{time}", ageOf(copy)),
  ].filter(Boolean);
  strip.hidden = said.length === 0;
  tell(strip.querySelector("[data-count]"), said.join(" "));
  strip.querySelector("[data-sign-in]").hidden = !(signedOut && late.length) || location.pathname === "/sign-in";
  const isMine = document.documentElement.dataset.leader;
  strip.querySelector("ul").replaceChildren(...(isMine ? [...refused, ...late].slice(0, MOST) : []).map(line));
  if (refused.length) strip.querySelector("details").open = true;
  strip.querySelector("details").hidden = !isMine || !(late.length || refused.length);
}

function counted(name, number) {
  return (words[name][plural.select(number)] ?? words[name].other).replace("{n}", number);
}

/** A reader hears it again only when it changes. */
function tell(place, text) {
  if (place.textContent !== text) place.textContent = text;
}

function line(item) {
  const made = document.getElementById("waiting-line").content.cloneNode(true);
  const [what, why] = made.querySelectorAll("span");
  what.textContent = item.label;
  why.textContent = item.reply ? wordsOf(item.reply) : "";
  made.querySelector("li").dataset.item = item.id;
  for (const button of made.querySelectorAll("button")) {
    button.hidden = !item.reply;
    button.setAttribute("aria-label", `${button.textContent}: ${item.label}`);
  }
  return made;
}

/** What the server gave as its reason; where it was not Kept that spoke, the number of its answer. */
function wordsOf({ status, html, final }) {
  const text = html ?? "";
  const page = new DOMParser().parseFromString(policy?.createHTML(text) ?? text, "text/html");
  const place = [".error", ".toast p", "main p", "body"].map((name) => page.querySelector(name)).find(Boolean);
  const said = place.textContent.trim().slice(0, LONGEST);
  return final && said ? said : words.strange.replace("{status}", status).replace("{words}", said);
}

function ageOf(madeAt) {
  const made = new Date(madeAt);
  const isToday = made.toDateString() === new Date().toDateString();
  return isToday ? time.format(made) : `${day.format(made)} ${time.format(made)}`;
}

function press(event) {
  const button = event.target.closest("[data-deed]");
  if (button) deed(button.dataset.deed, Number(button.closest("li")?.dataset.item));
}
