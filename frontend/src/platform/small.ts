// Small conveniences: dismiss a message, print, choose all rows, send a filter when it changes.
export function setUpSmall(): void {
  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    target?.closest("[data-dismiss]")?.closest(".alert")?.remove();
    if (target?.closest("[data-print]")) print();
  });
  document.addEventListener("allauth.error", (event) => {
    for (const box of document.querySelectorAll<HTMLElement>("[data-key-error]")) box.hidden = false;
    event.preventDefault();
  });
  document.addEventListener("change", (event) => {
    const target = event.target;
    if (target instanceof HTMLInputElement && target.dataset["chooseAll"] !== undefined) chooseAll(target);
    if (target instanceof HTMLElement && target.dataset["submitOnChange"] !== undefined) target.closest("form")?.requestSubmit();
  });
}

function chooseAll(box: HTMLInputElement): void {
  const name = box.dataset["chooseAll"] ?? "";
  for (const other of document.querySelectorAll<HTMLInputElement>(`input[type=checkbox][name="${CSS.escape(name)}"]`)) {
    if (!other.disabled) other.checked = box.checked;
  }
}
