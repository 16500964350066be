// The number moves for a reason: deposits count up to the new balance, a withdrawal falls at once.
const RISE = 250; // ms
let shown = read();

document.addEventListener("htmx:after:swap", tell);

function tell() {
  const was = shown;
  shown = read();
  if (was === null || shown === null || was === shown) return;
  announce();
  if (shown > was && !matchMedia("(prefers-reduced-motion: reduce)").matches) rise(was, shown);
}

function rise(from, to) {
  const balance = document.getElementById("balance");
  const nodes = [...balance.childNodes];
  const digits = new Intl.NumberFormat(document.documentElement.lang, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const start = performance.now();
  requestAnimationFrame(function step(now) {
    if (!balance.isConnected) return;
    const part = Math.min(1, Math.max(0, (now - start) / RISE));
    if (part === 1) return balance.replaceChildren(...nodes);
    balance.textContent = digits.format(from + (to - from) * (1 - (1 - part) ** 3));
    requestAnimationFrame(step);
  });
}

/** What another tab or a waiting answer changed; the answer to a tap brings its own words. */
function announce() {
  const announcer = document.getElementById("announcer");
  const { say } = document.getElementById("balance").dataset;
  if (say && !announcer.textContent.endsWith(say)) announcer.textContent = say;
}

function read() {
  const value = document.getElementById("balance")?.value;
  return value === undefined ? null : Number(value);
}
