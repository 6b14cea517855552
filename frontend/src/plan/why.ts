// Where a number comes from: every number is a link to its clause or method, and opens a short note first.
import { byId, element } from "./elements";
import { onLanguage, say, speak } from "./language";
import type { Pair, Payload } from "./payload";

export interface Reason {
  /** Anchor: `clause-L3` or `method-travel`. */
  basis: string;
  label?: string;
  formula?: Pair | null;
}

let clauses: Payload["clauses"] = {};
let opener: HTMLElement | null = null;
const reasons = new WeakMap<HTMLElement, Reason>();

export function setUpWhy(known: Payload["clauses"]): void {
  clauses = known;
  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const link = target?.closest<HTMLElement>("a.why");
    if (link) {
      event.preventDefault();
      open(link);
    } else if (target?.closest("#why") === null) {
      close(false);
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close(true);
  });
  onLanguage(() => close(false));
}

/** A number that says why it is what it is. */
export function number(text: string, reason: Reason): HTMLElement {
  const link = element("a", { class: "why", href: `#${reason.basis}` }, text);
  reasons.set(link, reason);
  return link;
}

function open(link: HTMLElement): void {
  const basis = (link.getAttribute("href") ?? "#").slice(1);
  const reason = reasons.get(link) ?? { basis };
  const box = byId("why");
  box.replaceChildren(...contents(link.textContent ?? "", reason));
  box.hidden = false;
  place(box, link);
  opener = link;
  box.focus();
}

function contents(value: string, reason: Reason): Node[] {
  const label = reason.label ?? "";
  const parts: Node[] = [element("p", { class: "why-value" }, label ? `${label} ` : "", element("strong", {}, value))];
  if (reason.formula) parts.push(element("p", { class: "why-formula" }, speak(reason.formula)));
  const clause = reason.basis.startsWith("clause-") ? reason.basis.slice(7) : null;
  const known = clause === null ? undefined : clauses[clause];
  if (known) parts.push(element("p", {}, `${clause} · ${speak(known.kind)} · ${speak(known.title)}`));
  const method = clause === null ? document.getElementById(reason.basis) : null;
  if (method) parts.push(element("p", {}, shown(method)));
  const go = element("a", { href: `#${reason.basis}` }, say(clause === null ? "why.method" : "why.clause"));
  go.addEventListener("click", () => close(false));
  const shut = element("button", { type: "button", class: "quiet" }, say("why.close"));
  shut.addEventListener("click", () => close(true));
  parts.push(element("p", { class: "why-actions" }, go, shut));
  return parts;
}

/** The visible language's text of a paragraph of the method section, without its heading. */
function shown(part: HTMLElement): string {
  const lang = document.documentElement.dataset["language"] ?? "zh";
  const texts = [...part.querySelectorAll<HTMLElement>(`p .${lang}`)].map((p) => p.textContent ?? "");
  return texts.length ? texts.slice(0, 2).join(" ") : (part.querySelector("h3, h2")?.textContent ?? "");
}

function place(box: HTMLElement, link: HTMLElement): void {
  const at = link.getBoundingClientRect();
  const width = Math.min(360, document.documentElement.clientWidth - 24);
  const left = Math.max(12, Math.min(at.left + scrollX, scrollX + document.documentElement.clientWidth - width - 12));
  box.style.width = `${width}px`;
  box.style.left = `${left}px`;
  box.style.top = `${at.bottom + scrollY + 6}px`;
}

function close(refocus: boolean): void {
  const box = byId("why");
  if (box.hidden) return;
  box.hidden = true;
  if (refocus) opener?.focus();
}
