// Reads a chart out day by day: by arrow keys, by the pointer above it, by a finger drawn along it.
for (const kind of ["pointerdown", "pointermove"]) document.addEventListener(kind, point, { passive: true });
document.addEventListener("pointerout", leave);
document.addEventListener("keydown", step);
document.addEventListener("focusin", read);
document.addEventListener("focusout", leave);
document.addEventListener("htmx:after:swap", ready);
ready();

function ready() {
  for (const plot of document.querySelectorAll(".chart > [data-days]:not(:has(g.day))")) draw(plot);
  for (const chart of document.querySelectorAll(".chart:has(.chart-say)")) {
    chart.dataset.live = "";
    if (chart.querySelector("g.day")) chart.querySelector(":scope > svg").setAttribute("tabindex", "0");
  }
}

/** Where few bytes were sent, an attribute tells the days: "x of the first|y words|y words". */
function draw(plot) {
  const [first, ...days] = plot.dataset.days.split("|");
  const wide = (100 - first) / (days.length - 1);
  const drawn = days.map((told, at) => {
    const [, y, words] = told.match(/^(\S+) (.*)$/);
    const x = Number(first) + at * wide;
    const line = shape("line", { x1: `${x}%`, x2: `${x}%`, y1: 0, y2: "100%" });
    const column = shape("rect", { x: `${x - wide / 2}%`, width: `${wide}%`, height: "100%" });
    const day = shape("g", { class: "day" });
    day.append(column, line, shape("circle", { class: "at", cx: `${x}%`, cy: `${y}%`, r: 4 }), shape("text", {}, words));
    return day;
  });
  plot.querySelector(":scope > .end").before(...drawn);
}

function shape(name, attributes, words = "") {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.textContent = words;
  return made;
}

function point(event) {
  const plot = plotOf(event.target);
  if (!plot) return;
  const mark = event.target.closest("a.day");
  if (mark) return read(event);
  const box = plot.getBoundingClientRect();
  const at = (100 * (event.clientX - box.left)) / box.width;
  const days = [...plot.querySelectorAll("g.day")];
  const to = days.findIndex((day) => at < edge(day, "x") + edge(day, "width"));
  if (days.length) show(plot, days, to < 0 ? days.length - 1 : to);
}

function step(event) {
  const plot = plotOf(event.target);
  if (!plot || event.altKey || event.ctrlKey || event.metaKey) return;
  const days = [...plot.querySelectorAll("g.day")];
  const at = days.findIndex((day) => day.classList.contains("here"));
  const to = { ArrowLeft: at < 0 ? days.length - 1 : at - 1, ArrowRight: at + 1, Home: 0, End: days.length - 1 }[event.key];
  if (to === undefined || !days.length) return;
  event.preventDefault();
  plot.focus({ preventScroll: true });
  const said = show(plot, days, Math.min(days.length - 1, Math.max(0, to)));
  const announcer = document.getElementById("announcer");
  if (announcer) announcer.textContent = said;
}

function read(event) {
  const plot = plotOf(event.target);
  const mark = event.target.closest?.("a.day");
  if (!plot || !mark) return;
  rest(plot);
  say(plot, mark.getAttribute("aria-label"));
}

function leave(event) {
  const plot = plotOf(event.target);
  if (!plot || plot.contains(event.relatedTarget)) return;
  rest(plot);
  say(plot, "");
}

function rest(plot) {
  for (const day of plot.querySelectorAll(".here")) day.classList.remove("here");
}

function show(plot, days, to) {
  for (const [at, day] of days.entries()) day.classList.toggle("here", at === to);
  const said = days[to].querySelector("text").textContent;
  say(plot, said);
  return said;
}

/** The line above the chart: this day, or what the whole range comes to. */
function say(plot, words) {
  const line = plot.parentNode.querySelector(".chart-say");
  if (!line) return;
  line.textContent = words || line.dataset.whole;
  line.toggleAttribute("data-day", Boolean(words));
}

function plotOf(target) {
  return target.closest?.(".chart > svg");
}

function edge(day, name) {
  return parseFloat(day.querySelector("rect").getAttribute(name));
}
