// Drafts of forms: kept in this tab until the server has them, so that a failed send loses nothing.
import { say } from "./texts";

const PREFIX = "linli-draft:";
const SENT = "linli-sent:";

/** Keeps what is typed, and offers what was kept before. */
export function keepDraft(form: HTMLFormElement): void {
  if (form.dataset["draftKept"] !== undefined) return;
  form.dataset["draftKept"] = "";
  const key = keyOf(form);
  const kept = read(key);
  if (kept && !form.querySelector("[aria-invalid=true]") && differs(form, kept)) offer(form, key, kept);
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
  if (form.dataset["draft"] === undefined) return;
  const key = keyOf(form);
  write(key, collect(form));
  store(SENT + key, "1");
}

/** Forgets drafts that arrived: another page of ours follows a sent form, unless it reports a failure. */
export function settleDrafts(): void {
  for (const done of document.querySelectorAll<HTMLElement>("[data-draft-done]")) write(PREFIX + (done.dataset["draftDone"] ?? ""), null);
  if (document.querySelector("[data-failed]")) return;
  const open = new Set([...document.querySelectorAll<HTMLFormElement>("form[data-draft]")].map(keyOf));
  for (const key of keys()) {
    if (!key.startsWith(SENT)) continue;
    store(key, null);
    const draft = key.slice(SENT.length);
    if (!open.has(draft)) write(draft, null);
  }
}

function keyOf(form: HTMLFormElement): string {
  return PREFIX + (form.dataset["draft"] || location.pathname);
}

type Draft = [string, string][];

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

function read(key: string): Draft | null {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? "null") as Draft | null;
  } catch {
    return null;
  }
}

function write(key: string, draft: Draft | null): void {
  store(key, draft === null ? null : JSON.stringify(draft));
}

/** A browser without room keeps no draft; the form works all the same. */
function store(key: string, value: string | null): void {
  try {
    if (value === null) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, value);
  } catch {
    return;
  }
}

function keys(): string[] {
  try {
    return Object.keys(sessionStorage);
  } catch {
    return [];
  }
}
