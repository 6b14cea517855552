// Drafts of forms: kept until the server has them, so that a failed send or an ended session loses nothing.
// They belong to an account: the page of whoever is signed in hands out a name and a key, without which nobody can tell
// whose they are or read them. They go at sign-out and after a shift.
import { say } from "./texts";

const PREFIX = "linli-draft:";
const SENT = "linli-sent:";
const SIGNED_OUT = "linli-signed-out";
const LONGEST = 12 * 3600 * 1000;

type Draft = [string, string][];
type Kept = { at: number; iv: string; data: string };

let owner = document.getElementById("linli-drafts")?.dataset["owner"] ?? "";
/** Without TLS a browser offers no encryption, and then no draft is kept. */
const secret = globalThis.crypto?.subtle === undefined ? "" : (document.getElementById("linli-drafts")?.dataset["key"] ?? "");
let imported: Promise<CryptoKey> | null = null;
/** Writes follow each other, so that what was typed last is what is kept. */
let queue: Promise<void> = Promise.resolve();

/** Drops what has grown old, and forgets an account's drafts when it signs out, in every tab. */
export function setUpDrafts(): void {
  for (const key of keys(localStorage)) {
    if (key.startsWith(PREFIX) && !(Date.now() - (parsed(key)?.at ?? 0) < LONGEST)) put(localStorage, key, null);
  }
  document.addEventListener("submit", (event) => {
    if (event.target instanceof HTMLFormElement && event.target.matches("form[data-sign-out]")) forgetAll();
  });
  addEventListener("storage", (event) => {
    if (event.key === SIGNED_OUT && event.newValue?.startsWith(`${owner} `) === true) owner = "";
  });
}

/** Keeps what is typed, and offers what was kept before. */
export function keepDraft(form: HTMLFormElement): void {
  if (form.dataset["draftKept"] !== undefined || !mayKeep()) return;
  form.dataset["draftKept"] = "";
  const key = keyOf(form);
  void read(key).then((kept) => {
    if (kept && !form.querySelector("[aria-invalid=true]") && differs(form, kept)) offer(form, key, kept);
  });
  let pending = 0;
  const save = (): void => {
    clearTimeout(pending);
    pending = window.setTimeout(() => write(key, collect(form)), 400);
  };
  form.addEventListener("input", save);
  form.addEventListener("change", save);
}

/** Remembers that a draft was sent: the next page tells whether it arrived. */
export function markSent(form: HTMLFormElement): void {
  if (form.dataset["draft"] === undefined || !mayKeep()) return;
  const key = keyOf(form);
  write(key, collect(form));
  put(sessionStorage, SENT + key, "1");
}

/** Forgets drafts that arrived: another page of ours follows a sent form, unless it reports a failure. */
export function settleDrafts(): void {
  if (!mayKeep() || document.querySelector("[data-sign-in]")) {
    // The session had ended: what was sent has not arrived.
    for (const key of keys(sessionStorage)) if (key.startsWith(SENT)) put(sessionStorage, key, null);
    return;
  }
  for (const done of document.querySelectorAll<HTMLElement>("[data-draft-done]")) write(done.dataset["draftDone"] ?? "", null);
  if (document.querySelector("[data-failed]")) return;
  const open = new Set([...document.querySelectorAll<HTMLFormElement>("form[data-draft]")].map(keyOf));
  for (const key of keys(sessionStorage)) {
    if (!key.startsWith(SENT)) continue;
    put(sessionStorage, key, null);
    const draft = key.slice(SENT.length);
    if (!open.has(draft)) write(draft, null);
  }
}

function mayKeep(): boolean {
  return owner !== "" && secret !== "";
}

function forgetAll(): void {
  for (const key of keys(localStorage)) if (key.startsWith(`${PREFIX}${owner}:`)) put(localStorage, key, null);
  for (const key of keys(sessionStorage)) if (key.startsWith(SENT)) put(sessionStorage, key, null);
  if (owner !== "") put(localStorage, SIGNED_OUT, `${owner} ${Date.now()}`);
  owner = "";
}

function keyOf(form: HTMLFormElement): string {
  return form.dataset["draft"] || location.pathname;
}

function collect(form: HTMLFormElement): Draft {
  return [...new FormData(form)].filter((entry): entry is [string, string] => typeof entry[1] === "string" && keepable(form, entry[0]));
}

function keepable(form: HTMLFormElement, name: string): boolean {
  const control = form.elements.namedItem(name);
  const secret = control instanceof HTMLInputElement && ["password", "hidden", "file"].includes(control.type);
  return !secret && name !== "csrfmiddlewaretoken";
}

function differs(form: HTMLFormElement, kept: Draft): boolean {
  return JSON.stringify(collect(form)) !== JSON.stringify(kept) && kept.some(([, value]) => value !== "");
}

function offer(form: HTMLFormElement, key: string, kept: Draft): void {
  const box = document.createElement("div");
  box.className = "alert alert-info draft-offer";
  box.setAttribute("role", "status");
  const text = document.createElement("p");
  text.textContent = say("draftFound");
  box.append(text, button(say("draftRestore"), "btn btn-primary btn-sm", () => {
    restore(form, kept);
    box.remove();
  }), button(say("draftDiscard"), "btn btn-sm", () => {
    write(key, null);
    box.remove();
  }));
  form.prepend(box);
}

function button(text: string, kind: string, act: () => void): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  made.className = kind;
  made.textContent = text;
  made.addEventListener("click", act);
  return made;
}

function restore(form: HTMLFormElement, kept: Draft): void {
  const values = new Map<string, string[]>();
  for (const [name, value] of kept) values.set(name, [...(values.get(name) ?? []), value]);
  for (const control of form.elements) {
    if (control instanceof HTMLInputElement && ["checkbox", "radio"].includes(control.type)) {
      control.checked = (values.get(control.name) ?? []).includes(control.value);
    } else if (control instanceof HTMLSelectElement) {
      for (const option of control.options) option.selected = (values.get(control.name) ?? []).includes(option.value);
    } else if ((control instanceof HTMLInputElement || control instanceof HTMLTextAreaElement) && keepable(form, control.name)) {
      control.value = values.get(control.name)?.[0] ?? control.value;
    }
  }
  form.dispatchEvent(new Event("change", { bubbles: true }));
  form.querySelector<HTMLElement>("input:not([type=hidden]), select, textarea")?.focus();
}

async function read(key: string): Promise<Draft | null> {
  try {
    const kept = parsed(await nameOf(key));
    if (kept === null) return null;
    const data = await crypto.subtle.decrypt({ name: "AES-GCM", iv: bytes(kept.iv) }, await cipher(), bytes(kept.data));
    return JSON.parse(new TextDecoder().decode(data)) as Draft;
  } catch {
    return null;
  }
}

function write(key: string, draft: Draft | null): void {
  queue = queue.then(() => keep(key, draft)).catch(() => undefined);
}

async function keep(key: string, draft: Draft | null): Promise<void> {
  const name = await nameOf(key);
  if (draft === null) return put(localStorage, name, null);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const plain = new TextEncoder().encode(JSON.stringify(draft));
  const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await cipher(), plain);
  const kept: Kept = { at: Date.now(), iv: text(iv), data: text(new Uint8Array(data)) };
  // Somebody may have signed out meanwhile.
  if (mayKeep()) put(localStorage, name, JSON.stringify(kept));
}

/** The name says whose draft it is to whoever knows the account's, and of which form to nobody. */
async function nameOf(key: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(`${secret} ${key}`));
  return `${PREFIX}${owner}:${text(new Uint8Array(digest))}`;
}

function cipher(): Promise<CryptoKey> {
  imported ??= crypto.subtle.importKey("raw", bytes(secret), "AES-GCM", false, ["encrypt", "decrypt"]);
  return imported;
}

function parsed(name: string): Kept | null {
  try {
    return JSON.parse(localStorage.getItem(name) ?? "null") as Kept | null;
  } catch {
    return null;
  }
}

function text(raw: Uint8Array): string {
  return btoa(String.fromCharCode(...raw));
}

function bytes(encoded: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(encoded), (sign) => sign.charCodeAt(0));
}

/** A browser without room keeps no draft; the form works all the same. */
function put(where: Storage, key: string, value: string | null): void {
  try {
    if (value === null) where.removeItem(key);
    else where.setItem(key, value);
  } catch {
    return;
  }
}

function keys(where: Storage): string[] {
  try {
    return Object.keys(where);
  } catch {
    return [];
  }
}
