// Carries a form through a passkey ceremony: options from the server, the device's answer, then where to go on.
const OFFER = 4 * 60_000; // ms after which an offer in a field is renewed: its challenge lasts five minutes
const PATIENCE = 500; // ms for the passkey manager to hear news before the page goes on
const WORDS = {
  NotAllowedError: "cancelled",
  AbortError: "cancelled",
  TimeoutError: "cancelled",
  Offline: "offline",
  InvalidStateError: "known",
  NotSupportedError: "refused",
  ConstraintError: "refused",
  SecurityError: "refused",
};

let offered = null; // AbortController of the offer that waits in a field

class Offline extends Error {
  name = "Offline";
}

class Refusal extends Error {
  constructor(told) {
    super(told.error);
    this.told = told;
  }
}

const forms = document.querySelectorAll("form[data-passkey]");
if (window.PublicKeyCredential) {
  forms.forEach(prepare);
  for (const place of document.querySelectorAll("[data-accepted]")) tell(JSON.parse(place.dataset.accepted));
} else if (forms.length) {
  location.replace(`/no-passkey#${isSecureContext ? "browser" : "address"}`);
}

function prepare(form) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    carry(form);
  });
  addEventListener("pageshow", (event) => event.persisted && location.reload());
  form.querySelector("button").disabled = false;
  sayWhereNone(form);
  offer(form);
}

async function sayWhereNone(form) {
  const hint = form.querySelector("[data-no-platform]");
  if (hint) hint.hidden = await PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable();
}

/** Ask at once, because the leader pressed the button. */
async function carry(form) {
  const button = form.querySelector("button");
  offered?.abort();
  say(form, "");
  button.disabled = true;
  if (await ceremony(form)) return;
  button.disabled = false;
  if (document.activeElement === document.body) button.focus();
  offer(form);
}

/** Let the browser list its passkeys in the field until the button is pressed. */
async function offer(form) {
  const field = form.querySelector("[data-conditional]");
  if (!field) return;
  field.hidden = !(await PublicKeyCredential.isConditionalMediationAvailable?.());
  if (field.hidden) return;
  field.dataset.conditional = "ready";
  offered?.abort();
  const mine = (offered = new AbortController());
  const renewal = setTimeout(() => whenSeen(() => mine.signal.aborted || offer(form)), OFFER);
  mine.signal.addEventListener("abort", () => clearTimeout(renewal));
  await ceremony(form, { mediation: "conditional", signal: mine.signal });
}

function whenSeen(then) {
  if (!document.hidden) then();
  else document.addEventListener("visibilitychange", then, { once: true });
}

/** True where the page goes on to another one; else what went wrong stands in the form. */
async function ceremony(form, how = {}) {
  try {
    const options = await post(form.dataset.options, fieldsOf(form));
    how.signal?.throwIfAborted();
    const credential = await answer(form.dataset.passkey, options, how);
    const done = await post(form.action, { ...fieldsOf(form), credential });
    if (done.accepted) await Promise.race([tell(done.accepted), new Promise((over) => setTimeout(over, PATIENCE))]);
    location.assign(done.next);
    return true;
  } catch (problem) {
    // An offer that nobody took is nothing to speak of; an answer that was refused is.
    if (!how.signal || problem instanceof Refusal) explain(form, problem);
    return false;
  }
}

function fieldsOf(form) {
  for (const field of form.querySelectorAll("[data-zone]")) field.value = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return Object.fromEntries(new FormData(form));
}

async function post(url, fields) {
  const reply = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json" },
    body: JSON.stringify(fields),
  }).catch(() => {
    throw new Offline();
  });
  const told = await reply.json();
  if (told.confirm) location.assign(told.confirm);
  if (!reply.ok) throw new Refusal(told);
  return told;
}

async function answer(kind, json, how) {
  const parse = kind === "create" ? "parseCreationOptionsFromJSON" : "parseRequestOptionsFromJSON";
  const old = PublicKeyCredential[parse] ? null : await import("./old-passkeys.js");
  const publicKey = old ? old.parse(json) : PublicKeyCredential[parse](json);
  const credential = await navigator.credentials[kind]({ publicKey, ...how });
  return old ? old.toJSON(credential) : credential.toJSON();
}

/** Tell the passkey manager which passkeys still open the account, and what its owner is called. */
async function tell({ rpId, userId, name, ids }) {
  await Promise.allSettled([
    PublicKeyCredential.signalAllAcceptedCredentials?.({ rpId, userId, allAcceptedCredentialIds: ids }),
    PublicKeyCredential.signalCurrentUserDetails?.({ rpId, userId, name, displayName: name }),
  ]);
}

function explain(form, problem) {
  if (!(problem instanceof Refusal)) {
    say(form, JSON.parse(form.dataset.words)[WORDS[problem.name] ?? "failed"]);
    return;
  }
  const { error, errors, unknown } = problem.told;
  say(form, error ?? "");
  for (const [name, words] of Object.entries(errors ?? {})) sayAt(form.elements[name], words);
  if (unknown) PublicKeyCredential.signalUnknownCredential?.(unknown).catch(() => {});
}

function say(form, words) {
  form.querySelector("[data-said]").textContent = words;
  for (const field of form.querySelectorAll("[aria-invalid]")) {
    document.getElementById(`${field.id}-error`)?.remove();
    field.removeAttribute("aria-invalid");
    field.removeAttribute("aria-describedby");
  }
}

function sayAt(field, words) {
  const error = Object.assign(document.createElement("p"), { className: "error", id: `${field.id}-error`, textContent: words });
  field.after(error);
  field.setAttribute("aria-invalid", "true");
  field.setAttribute("aria-describedby", error.id);
  field.focus();
}
