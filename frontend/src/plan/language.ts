// Which language the page shows. Texts written by the server are switched by style sheet alone.
import type { Language, Pair } from "./payload";

let current: Language = "zh";
let words: Record<string, Pair> = {};
const listeners: (() => void)[] = [];

export function setUpLanguage(first: Language, catalogue: Record<string, Pair>): void {
  words = catalogue;
  for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-set-language]")) {
    button.addEventListener("click", () => apply(button.dataset["setLanguage"] as Language));
  }
  apply(first);
}

export function onLanguage(listener: () => void): void {
  listeners.push(listener);
}

export function say(key: string, values: Record<string, string | number> = {}): string {
  return fill(words[key]?.[current] ?? key, values);
}

export function speak(pair: Pair): string {
  return pair[current];
}

export function language(): Language {
  return current;
}

export function formatNumber(value: number | string | null | undefined, digits = 0): string {
  if (value === null || value === undefined || value === "") return "—";
  if (typeof value === "string") return value;
  return value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

function fill(template: string, values: Record<string, string | number>): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));
}

function apply(chosen: Language): void {
  current = chosen;
  const root = document.documentElement;
  root.lang = chosen === "zh" ? "zh-CN" : "en";
  root.dataset["language"] = chosen;
  document.title = root.dataset[chosen === "zh" ? "titleZh" : "titleEn"] ?? document.title;
  for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-set-language]")) {
    button.setAttribute("aria-pressed", String(button.dataset["setLanguage"] === chosen));
  }
  for (const element of document.querySelectorAll<HTMLElement>("[data-label-zh]")) {
    element.setAttribute("aria-label", element.dataset[chosen === "zh" ? "labelZh" : "labelEn"] ?? "");
  }
  for (const listener of listeners) listener();
}
