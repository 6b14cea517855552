// Questions before something is done, in the browser's own dialog.
const asked = new WeakSet<HTMLElement>();

export function setUpDialogs(): void {
  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const opener = target?.closest<HTMLElement>("[data-dialog]");
    if (opener) return open(byId(opener.dataset["dialog"] ?? ""));
    const closer = target?.closest<HTMLElement>("[data-dialog-close]");
    if (closer) return closer.closest("dialog")?.close();
    const doubtful = target?.closest<HTMLElement>("[data-confirm]");
    if (doubtful && !asked.has(doubtful)) ask(event, doubtful);
  }, true);
}

function byId(id: string): HTMLDialogElement | null {
  const found = document.getElementById(id);
  return found instanceof HTMLDialogElement ? found : null;
}

function open(dialog: HTMLDialogElement | null): void {
  if (dialog && !dialog.open) dialog.showModal();
}

/** Holds the click back, asks, and clicks again when the answer is yes. */
function ask(event: Event, button: HTMLElement): void {
  const dialog = byId("linli-confirm");
  if (dialog === null) return;
  event.preventDefault();
  event.stopPropagation();
  dialog.querySelector("[data-confirm-text]")!.textContent = button.dataset["confirm"] ?? "";
  const yes = dialog.querySelector<HTMLButtonElement>("button[value=yes]")!;
  yes.textContent = button.dataset["confirmYes"] ?? button.textContent?.trim() ?? "";
  yes.className = `btn ${button.dataset["confirmTone"] === "danger" ? "btn-danger" : "btn-primary"}`;
  dialog.returnValue = "";
  dialog.addEventListener("close", () => {
    if (dialog.returnValue !== "yes") return button.focus();
    asked.add(button);
    button.click();
    asked.delete(button);
  }, { once: true });
  dialog.showModal();
}
