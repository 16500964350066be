// Earlier and later weeks by arrow key and by swipe; the week on paper.
import "./chart.js";

const FAR = 60; // px a finger has to travel along the page
const STRAIGHT = 2; // and so many times further along than across

let start = null;

document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.defaultPrevented) return;
  if (event.target.closest("input, textarea, select, dialog, .chart")) return;
  if (event.key === "ArrowLeft") go(rightToLeft() ? "next" : "prev");
  if (event.key === "ArrowRight") go(rightToLeft() ? "prev" : "next");
});
document.addEventListener("touchstart", begin, { passive: true });
document.addEventListener("touchend", end, { passive: true });
document.addEventListener("touchcancel", () => (start = null), { passive: true });

const print = document.querySelector("[data-print]");
if (print) print.hidden = false;
print?.addEventListener("click", () => window.print());

function begin(event) {
  const [touch] = event.touches;
  const alone = event.touches.length === 1 && !event.target.closest("input, textarea, .chart");
  start = alone ? { x: touch.clientX, y: touch.clientY } : null;
}

function end(event) {
  if (!start) return;
  const [touch] = event.changedTouches;
  const [x, y] = [touch.clientX - start.x, touch.clientY - start.y];
  start = null;
  if (Math.abs(x) < FAR || Math.abs(x) < STRAIGHT * Math.abs(y)) return;
  go(x > 0 !== rightToLeft() ? "prev" : "next");
}

function go(rel) {
  document.querySelector(`.pager a[rel="${rel}"]`)?.click();
}

function rightToLeft() {
  return document.documentElement.dir === "rtl";
}
