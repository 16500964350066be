// Hands a text or a file to the phone's share sheet; where there is none, to the clipboard or the downloads.
const KEPT_FOR = 60_000; // ms in which a download has begun

/** Share `text`; resolves to "shared", "copied" or "" when the leader thought better of it. */
export async function share(text) {
  if (navigator.share) {
    const how = await handed({ text });
    if (how !== "refused") return how;
  }
  await navigator.clipboard.writeText(text);
  return "copied";
}

/** Share `file`, or store it where it cannot be shared; resolves to "shared", "saved" or "". */
export async function shareFile(file) {
  if (navigator.canShare?.({ files: [file] })) {
    const how = await handed({ files: [file] });
    if (how !== "refused") return how;
  }
  save(file);
  return "saved";
}

/** Store `file` where downloads go. */
export function save(file) {
  const url = URL.createObjectURL(file);
  Object.assign(document.createElement("a"), { href: url, download: file.name }).click();
  setTimeout(() => URL.revokeObjectURL(url), KEPT_FOR);
}

/** Send the draft beside this button and say what became of it. */
export async function sendDraft(button) {
  const draft = button.closest("[data-share]").querySelector("[data-draft]");
  const how = await share(draft.value).catch((error) => {
    if (error.name !== "NotAllowedError") throw error;
    draft.select(); // to be copied by hand
  });
  if (how === "copied") button.textContent = button.dataset.copied;
  if (how === "shared") button.closest("form")?.elements.told?.[0].focus();
}

async function handed(what) {
  try {
    await navigator.share(what);
    return "shared";
  } catch (error) {
    return error.name === "AbortError" ? "" : "refused";
  }
}
