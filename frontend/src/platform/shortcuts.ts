// Keys for what an officer does all day. Any control says its own: data-shortcut="Alt+s".
const NAMED: Record<string, string> = { esc: "escape", space: " ", plus: "+" };

export function setUpShortcuts(): void {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    if (event.key === "?" && !typing(event.target)) return help(event);
    const wanted = find(event);
    if (!wanted) return;
    event.preventDefault();
    act(wanted);
  });
  for (const control of document.querySelectorAll<HTMLElement>("[data-shortcut]")) {
    control.setAttribute("aria-keyshortcuts", control.dataset["shortcut"] ?? "");
  }
  for (const button of document.querySelectorAll("[data-shortcut-help]")) button.addEventListener("click", help);
}

function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches("input:not([type=checkbox], [type=radio]), textarea, select"));
}

function find(event: KeyboardEvent): HTMLElement | undefined {
  const open = document.querySelector("dialog[open]");
  const controls = [...(open ?? document).querySelectorAll<HTMLElement>("[data-shortcut]")];
  return controls.find((control) => control.checkVisibility() && fits(event, control.dataset["shortcut"] ?? "", typing(event.target)));
}

function fits(event: KeyboardEvent, shortcut: string, inField: boolean): boolean {
  const parts = shortcut.toLowerCase().split("+").map((part) => part.trim());
  const key = parts.pop() ?? "";
  const held = { alt: event.altKey, ctrl: event.ctrlKey, shift: event.shiftKey, meta: event.metaKey };
  const plain = parts.every((part) => part === "shift");
  if (plain && inField) return false;
  for (const [name, down] of Object.entries(held)) {
    if (name === "shift" && key.length === 1 && !/[a-z0-9]/.test(key)) continue;
    if (down !== parts.includes(name)) return false;
  }
  // On a Mac the Alt key writes another character: go by the key's place too.
  return event.key.toLowerCase() === (NAMED[key] ?? key) || (/^[a-z]$/.test(key) && event.code === `Key${key.toUpperCase()}`) || event.code === `Digit${key}`;
}

function act(control: HTMLElement): void {
  if (control.matches("input:not([type=submit], [type=button], [type=checkbox], [type=radio]), textarea, select")) {
    control.focus();
    if (control instanceof HTMLInputElement) control.select();
  } else {
    control.focus();
    control.click();
  }
}

function help(event: Event): void {
  const dialog = document.getElementById("linli-shortcuts");
  if (!(dialog instanceof HTMLDialogElement) || dialog.open) return;
  event.preventDefault();
  const list = dialog.querySelector("[data-shortcut-list]")!;
  const known = new Map<string, string>();
  for (const control of document.querySelectorAll<HTMLElement>("[data-shortcut]")) known.set(control.dataset["shortcut"]!, name(control));
  list.replaceChildren(...[...known].map(([keys, label]) => row(keys, label)));
  dialog.showModal();
}

function name(control: HTMLElement): string {
  const label = control instanceof HTMLInputElement ? control.labels?.[0]?.textContent : null;
  return (control.dataset["shortcutLabel"] ?? control.getAttribute("aria-label") ?? label ?? control.textContent ?? "").replace(/\s+/g, " ").trim();
}

function row(keys: string, label: string): HTMLElement {
  const made = document.createElement("div");
  made.className = "shortcut-row";
  const [term, text] = [document.createElement("dt"), document.createElement("dd")];
  term.append(...keys.split("+").map((key) => {
    const kbd = document.createElement("kbd");
    kbd.textContent = key.length === 1 ? key.toUpperCase() : key;
    return kbd;
  }));
  text.textContent = label;
  made.append(term, text);
  return made;
}
