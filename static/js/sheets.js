// Sheets from below: opened over the page without covering the promise they are about, and kept through a swap.
let opener = null;
let held = null; // what stood in an open sheet while its row was replaced

document.addEventListener("click", (event) => {
  if (event.target.matches("dialog.sheet")) event.target.close(); // the backdrop, where closedby is unknown
});
document.addEventListener("close", giveBack, true);
document.addEventListener("htmx:before:swap", hold);
document.addEventListener("htmx:after:swap", resume);

/** Open the sheet with this id; focus returns to `from` when it closes. */
export function open(id, from = document.activeElement) {
  const sheet = sheetOf(id);
  if (!sheet || sheet.open) return;
  opener = from;
  sheet.showModal();
  sheet.closest("[data-promise]")?.scrollIntoView({ block: "start" });
}

/** Open the sheet of a promise that was just answered with broken. */
export function afterBroken(rowId) {
  const row = document.getElementById(rowId);
  if (row?.dataset.answer === "broken") open(`sheet-${rowId}`, focusable(row));
}

function sheetOf(id) {
  return document.getElementById(id) ?? make(document.getElementById(id.replace("sheet-", "")));
}

/** The page has one sheet for all its rows: a row gets its own when it is first asked for. */
function make(row) {
  const any = document.getElementById("promise-sheet")?.content.firstElementChild;
  if (!any || !row) return null;
  const sheet = document.importNode(any, true);
  sheet.id = `sheet-${row.id}`;
  sheet.querySelector("h2").id = `${sheet.id}-title`;
  sheet.setAttribute("aria-labelledby", `${sheet.id}-title`);
  fill(sheet, row.querySelector(".promise-title").textContent, row.dataset);
  row.append(sheet);
  return sheet;
}

function fill(sheet, title, { promise, date, nature, told, note = "", mended, mends }) {
  sheet.querySelector("[data-title]").textContent = title;
  const draft = sheet.querySelector("[data-draft]");
  draft.defaultValue = draft.defaultValue.replace("{title}", () => title);
  for (const field of sheet.querySelectorAll("[name=commitment]")) field.value = promise;
  for (const field of sheet.querySelectorAll("[name=date]")) field.value = date;
  for (const field of sheet.querySelectorAll("[name=note]")) field.defaultValue = note;
  for (const field of sheet.querySelectorAll("[type=radio]")) field.defaultChecked = field.value === (field.name === "told" ? told : nature);
  const said = sheet.querySelector("[data-mended]");
  if (mended) said.textContent = said.textContent.replace("{title}", () => mended);
  else said.remove();
  if (mended || mends !== undefined) sheet.querySelector("[data-mending]").remove();
}

function hold() {
  const sheet = document.querySelector("dialog.sheet[open]");
  held = sheet && { id: sheet.id, fields: written(sheet), focus: document.activeElement?.name };
}

function resume() {
  const sheet = held && sheetOf(held.id);
  if (sheet && !sheet.open) {
    write(sheet, held.fields);
    open(held.id, focusable(sheet.closest("[data-promise]")));
    if (held.focus) sheet.querySelector(`[name="${held.focus}"]`)?.focus();
  }
  held = null;
  const refused = document.querySelector("dialog.sheet:not([open]) [aria-invalid=true]");
  if (refused) open(refused.closest("dialog").id, null);
}

function written(sheet) {
  return fieldsOf(sheet).map((field) => (field.type === "radio" ? field.checked : field.value));
}

function write(sheet, values) {
  fieldsOf(sheet).forEach((field, at) => {
    if (field.type === "radio") field.checked = values[at];
    else field.value = values[at];
  });
}

function fieldsOf(sheet) {
  return [...sheet.querySelectorAll("textarea, input:not([type=hidden])")];
}

function giveBack(event) {
  if (!event.target.matches?.("dialog.sheet")) return;
  const to = opener?.offsetParent ? opener : focusable(event.target.closest("[data-promise]"));
  to?.focus({ preventScroll: true });
  opener = null;
}

function focusable(row) {
  return [...(row?.querySelectorAll(".answer") ?? [])].find((button) => button.offsetParent);
}
