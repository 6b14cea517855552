// A button that copies a code or a link: data-copy="text", or data-copy-from="id of an element".
import { announce } from "./announce";
import { say } from "./texts";

export function setUpCopying(): void {
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-copy], [data-copy-from]") : null;
    if (button) void copy(button);
  });
}

async function copy(button: HTMLElement): Promise<void> {
  const from = document.getElementById(button.dataset["copyFrom"] ?? "");
  const text = button.dataset["copy"] ?? (from instanceof HTMLInputElement || from instanceof HTMLTextAreaElement ? from.value : from?.textContent?.trim()) ?? "";
  const done = await write(text, from);
  button.classList.toggle("is-copied", done);
  announce(say(done ? "copied" : "copyFailed"));
  button.dataset["told"] = say(done ? "copied" : "copyFailed");
  setTimeout(() => {
    button.classList.remove("is-copied");
    delete button.dataset["told"];
  }, 2500);
}

/** Without a secure address the clipboard is closed: select the text, so that the user can copy it. */
async function write(text: string, from: HTMLElement | null): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    if (from) getSelection()?.selectAllChildren(from);
    return from !== null && document.execCommand("copy");
  }
}
