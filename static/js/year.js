// A year by the arrow keys: one day has its place in the tab order, the arrows go from it to the others.
const days = [...document.querySelectorAll(".year a")];
const line = document.querySelector(".year-say");
const isRightToLeft = document.documentElement.dir === "rtl";

hold(days.at(-1));
document.addEventListener("keydown", step);
document.addEventListener("focusin", read);
document.addEventListener("pointerover", read);
document.addEventListener("focusout", rest);
document.addEventListener("pointerout", rest);

function step(event) {
  const at = days.indexOf(event.target);
  if (at < 0 || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const on = isRightToLeft ? -1 : 1;
  const to = { ArrowLeft: at - on, ArrowRight: at + on, ArrowUp: beside(at, -1), ArrowDown: beside(at, 1), Home: 0, End: days.length - 1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  const day = days[Math.min(days.length - 1, Math.max(0, to))];
  hold(day);
  day.focus();
}

/** The nearest day in the same column of the week above or below. */
function beside(at, way) {
  const column = days[at].closest("td").cellIndex;
  for (let to = at + way; to >= 0 && to < days.length; to += way) {
    if (days[to].closest("td").cellIndex === column) return to;
  }
  return at;
}

function hold(day) {
  for (const other of days) other.tabIndex = other === day ? 0 : -1;
}

function read(event) {
  const day = event.target.closest?.(".year a, .year [data-say]");
  if (day) line.textContent = day.getAttribute("aria-label") ?? day.dataset.say;
}

function rest(event) {
  if (event.target.closest?.(".year")) line.textContent = line.dataset.whole;
}
