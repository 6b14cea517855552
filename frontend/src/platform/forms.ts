// Forms that are sent once and warn before work is lost.
import { announce } from "./announce";
import { keepDraft, markSent } from "./drafts";
import { say } from "./texts";

/** A browser that never hears back lets the user try again after this long. */
const PATIENCE = 20_000;

export function setUpForms(): void {
  document.addEventListener("submit", guard);
  addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll<HTMLFormElement>("form[data-sent]")) release(form);
  });
  document.addEventListener("htmx:finally:request", (event) => {
    const form = event.target instanceof Element ? event.target.closest("form") : null;
    if (form) release(form);
  });
  warnOfUnsaved();
  prepare(document);
}

/** Takes up the forms of a part that has just arrived. */
export function prepare(root: ParentNode): void {
  for (const form of root.querySelectorAll<HTMLFormElement>("form[data-draft]")) keepDraft(form);
  const error = root.querySelector<HTMLElement>("[data-focus-error]");
  error?.removeAttribute("data-focus-error");
  error?.focus();
}

function guard(event: SubmitEvent): void {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || form.method === "dialog" || form.method === "get") return;
  if (form.dataset["sent"] !== undefined) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  if (event.defaultPrevented && !form.matches("[hx-post], [hx-put], [hx-patch], [hx-delete]")) return;
  form.dataset["sent"] = "";
  markSent(form);
  // After the browser has collected the form: a disabled button would not be sent.
  setTimeout(() => busy(form, true));
  setTimeout(() => release(form), PATIENCE);
}

function release(form: HTMLFormElement): void {
  if (form.dataset["sent"] === undefined) return;
  delete form.dataset["sent"];
  busy(form, false);
}

function busy(form: HTMLFormElement, now: boolean): void {
  const outside = form.id ? document.querySelectorAll<HTMLButtonElement>(`button[form="${CSS.escape(form.id)}"]`) : [];
  for (const button of [...form.querySelectorAll<HTMLButtonElement>("button:not([type=button])"), ...outside]) {
    button.disabled = now;
    button.classList.toggle("is-sending", now);
  }
  if (now) announce(say("sending"));
}

function warnOfUnsaved(): void {
  const changed = new Set<HTMLFormElement>();
  const note = (event: Event): void => {
    const form = event.target instanceof Element ? event.target.closest<HTMLFormElement>("form[data-warn-unsaved]") : null;
    if (form) changed.add(form);
  };
  document.addEventListener("input", note);
  document.addEventListener("change", note);
  document.addEventListener("submit", (event) => {
    if (!event.defaultPrevented) changed.delete(event.target as HTMLFormElement);
  });
  addEventListener("beforeunload", (event) => {
    if ([...changed].some((form) => form.isConnected)) event.preventDefault();
  });
}
