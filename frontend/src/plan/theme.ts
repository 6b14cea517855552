// Light or dark: the machine's choice until the reader makes one.
import { byId } from "./elements";
import { onLanguage, say } from "./language";

const listeners: (() => void)[] = [];
const system = matchMedia("(prefers-color-scheme: dark)");

export function isDark(): boolean {
  const chosen = document.documentElement.dataset["theme"];
  return chosen === undefined ? system.matches : chosen === "dark";
}

export function onTheme(listener: () => void): void {
  listeners.push(listener);
}

export function setUpTheme(): void {
  const button = byId("theme");
  const label = (): void => {
    button.textContent = say(isDark() ? "theme.light" : "theme.dark");
  };
  button.addEventListener("click", () => {
    document.documentElement.dataset["theme"] = isDark() ? "light" : "dark";
    label();
    for (const listener of listeners) listener();
  });
  system.addEventListener("change", () => {
    label();
    for (const listener of listeners) listener();
  });
  onLanguage(label);
  label();
}

/** A colour of the style sheet, for what is drawn by script. */
export function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}
