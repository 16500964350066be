// Reads a chart out day by day: arrow keys on the chart step through its days; tap and hover need no script.
document.addEventListener("keydown", step);
document.addEventListener("focusout", leave);
document.addEventListener("htmx:after:swap", ready);
ready();

function ready() {
  for (const chart of document.querySelectorAll(".chart > svg")) {
    if (chart.querySelector("g.day")) chart.setAttribute("tabindex", "0");
  }
}

function step(event) {
  const chart = event.target.closest?.(".chart > svg");
  if (!chart || event.altKey || event.ctrlKey || event.metaKey) return;
  const days = [...chart.querySelectorAll("g.day")];
  const at = days.findIndex((day) => day.classList.contains("here") || day === document.activeElement);
  const to = { ArrowLeft: at < 0 ? days.length - 1 : at - 1, ArrowRight: at + 1, Home: 0, End: days.length - 1 }[event.key];
  if (to === undefined || !days.length) return;
  event.preventDefault();
  chart.focus({ preventScroll: true });
  show(days, Math.min(days.length - 1, Math.max(0, to)));
}

function show(days, to) {
  for (const [at, day] of days.entries()) day.classList.toggle("here", at === to);
  const announcer = document.getElementById("announcer");
  if (announcer) announcer.textContent = days[to].querySelector("text").textContent;
}

function leave(event) {
  const chart = event.target.closest?.(".chart > svg");
  if (!chart || chart.contains(event.relatedTarget)) return;
  for (const day of chart.querySelectorAll(".here")) day.classList.remove("here");
}
