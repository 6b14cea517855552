// The side navigation on a phone, and menus that close when one looks elsewhere.
const PHONE = matchMedia("(max-width: 991.98px)");

export function setUpNavigation(): void {
  const toggle = document.querySelector<HTMLButtonElement>("[data-nav-toggle]");
  const sidebar = document.getElementById("sidebar");
  if (toggle && sidebar) setUpSidebar(toggle, sidebar);
  document.addEventListener("click", (event) => closeMenus(event.target));
  document.addEventListener("focusin", (event) => closeMenus(event.target));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = document.querySelector<HTMLDetailsElement>("details.menu[open]");
    if (menu === null) return;
    menu.open = false;
    menu.querySelector("summary")?.focus();
  });
}

function setUpSidebar(toggle: HTMLButtonElement, sidebar: HTMLElement): void {
  const others = [...document.querySelectorAll<HTMLElement>("[data-behind-nav]")];
  const show = (open: boolean): void => {
    document.documentElement.classList.toggle("nav-open", open);
    toggle.setAttribute("aria-expanded", String(open));
    for (const other of others) other.inert = open;
    if (open) sidebar.querySelector<HTMLElement>("a, button")?.focus();
  };
  const close = (): void => {
    if (!document.documentElement.classList.contains("nav-open")) return;
    show(false);
    toggle.focus();
  };
  toggle.addEventListener("click", () => show(true));
  for (const closer of document.querySelectorAll("[data-nav-close]")) closer.addEventListener("click", close);
  sidebar.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
  });
  PHONE.addEventListener("change", () => show(false));
  addEventListener("pageshow", () => show(false));
}

function closeMenus(target: EventTarget | null): void {
  for (const menu of document.querySelectorAll<HTMLDetailsElement>("details.menu[open]")) {
    if (target instanceof Node && !menu.contains(target)) menu.open = false;
  }
}
