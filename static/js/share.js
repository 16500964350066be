// Hands a text to the phone's share sheet, or to the clipboard where there is none.

/** Share `text`; resolves to "shared", "copied" or "" when the leader thought better of it. */
export async function share(text) {
  if (navigator.share) {
    try {
      await navigator.share({ text });
      return "shared";
    } catch (error) {
      if (error.name === "AbortError") return "";
    }
  }
  await navigator.clipboard.writeText(text);
  return "copied";
}

/** Send the draft beside this button and say what became of it. */
export async function sendDraft(button) {
  const draft = button.closest("[data-share]").querySelector("[data-draft]").value;
  const how = await share(draft);
  if (how === "copied") button.textContent = button.dataset.copied;
  if (how === "shared") button.closest("form")?.elements.told?.[0].focus();
}
