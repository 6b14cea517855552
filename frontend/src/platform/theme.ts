// Light or dark, set before the first paint: the machine's choice until the user makes one, which this browser keeps.
(() => {
  const KEY = "linli-theme";
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");

  const chosen = (): string => {
    try {
      return localStorage.getItem(KEY) ?? "auto";
    } catch {
      return "auto";
    }
  };
  const apply = (): void => {
    const choice = chosen();
    const theme = choice === "auto" ? (system.matches ? "dark" : "light") : choice;
    const changed = root.dataset["bsTheme"] !== theme;
    root.dataset["bsTheme"] = theme;
    root.dataset["themeChoice"] = choice;
    if (changed) document.dispatchEvent(new CustomEvent("linli:theme", { detail: theme }));
    for (const button of document.querySelectorAll<HTMLButtonElement>("[data-theme-choice]")) {
      if (button !== (root as Element)) button.setAttribute("aria-pressed", String(button.dataset["themeChoice"] === choice));
    }
  };

  root.classList.add("scripted");
  // A wall board and a printed page say themselves what they are.
  if (root.dataset["fixedTheme"] === undefined) {
    apply();
    system.addEventListener("change", apply);
    document.addEventListener("DOMContentLoaded", apply);
    addEventListener("storage", apply);
    document.addEventListener("click", (event) => {
      const button = event.target instanceof Element ? event.target.closest<HTMLElement>("button[data-theme-choice]") : null;
      if (button === null) return;
      try {
        localStorage.setItem(KEY, button.dataset["themeChoice"] ?? "auto");
      } catch {
        root.dataset["bsTheme"] = button.dataset["themeChoice"] ?? "light";
      }
      apply();
    });
  }
})();
