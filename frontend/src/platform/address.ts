// <linli-address src="…">, of addresses and of villages: a combobox (ARIA pattern) over an endpoint of [{id, label, longitude, latitude, detail}].
import { announce } from "./announce";
import { say } from "./texts";

interface Suggestion {
  id: string;
  label: string;
  detail?: string;
  longitude?: number | null;
  latitude?: number | null;
}

const PAUSE = 250;

export class AddressElement extends HTMLElement {
  private readonly list = document.createElement("ul");
  private input!: HTMLInputElement;
  private found: Suggestion[] = [];
  private active = -1;
  private timer = 0;
  private request: AbortController | null = null;

  connectedCallback(): void {
    const input = this.querySelector<HTMLInputElement>("input:not([type=hidden])");
    if (input === null || this.list.isConnected) return;
    this.input = input;
    this.list.id = `${input.id || "address"}-suggestions`;
    this.list.className = "suggestions";
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", say("suggestions"));
    this.list.hidden = true;
    input.insertAdjacentElement("afterend", this.list);
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", this.list.id);
    input.setAttribute("aria-expanded", "false");
    input.autocomplete = "off";
    input.addEventListener("input", () => this.wait());
    input.addEventListener("keydown", (event) => this.key(event));
    input.addEventListener("blur", () => setTimeout(() => this.close(), 150));
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = event.target instanceof Element ? event.target.closest("li") : null;
      if (option) this.choose([...this.list.children].indexOf(option));
    });
  }

  private wait(): void {
    this.write("id", "");
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.look(), PAUSE);
  }

  private async look(): Promise<void> {
    this.request?.abort();
    const wanted = this.input.value.trim();
    if (wanted.length < Number(this.getAttribute("min-length") ?? 1)) return this.close();
    this.request = new AbortController();
    try {
      const answer = await this.ask(wanted, this.request.signal);
      if (!answer.ok) throw new Error(String(answer.status));
      this.found = (await answer.json()) as Suggestion[];
      this.show();
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") return;
      this.close();
      announce(say("searchFailed"));
    }
  }

  /** By POST: where somebody lives would stay in every log on the way if it stood in the address. */
  private ask(wanted: string, signal: AbortSignal): Promise<Response> {
    const token = document.querySelector<HTMLInputElement>("input[name=csrfmiddlewaretoken]")?.value ?? "";
    const headers = { Accept: "application/json", "X-CSRFToken": token };
    return fetch(this.getAttribute("src") ?? "", { method: "POST", headers, body: new URLSearchParams({ q: wanted }), signal });
  }

  private show(): void {
    this.active = -1;
    this.input.removeAttribute("aria-activedescendant");
    this.list.replaceChildren(...this.found.map((one, i) => this.option(one, i)));
    this.list.hidden = this.found.length === 0;
    this.input.setAttribute("aria-expanded", String(!this.list.hidden));
    if (!this.list.hidden) this.list.scrollIntoView({ block: "nearest" });
    announce(this.found.length ? say("results", { count: this.found.length }) : say("noResults"));
  }

  private option(one: Suggestion, index: number): HTMLLIElement {
    const item = document.createElement("li");
    item.id = `${this.list.id}-${index}`;
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    item.append(one.label);
    if (one.detail) {
      const detail = document.createElement("small");
      detail.textContent = one.detail;
      item.append(" ", detail);
    }
    return item;
  }

  private key(event: KeyboardEvent): void {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (this.list.hidden) return void this.look();
      this.move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && !this.list.hidden && this.active >= 0) {
      event.preventDefault();
      this.choose(this.active);
    } else if (event.key === "Escape" && !this.list.hidden) {
      event.preventDefault();
      event.stopPropagation();
      this.close();
    }
  }

  private move(step: number): void {
    const count = this.found.length;
    this.active = (this.active + step + count + (this.active < 0 && step < 0 ? 1 : 0)) % count;
    [...this.list.children].forEach((option, i) => option.setAttribute("aria-selected", String(i === this.active)));
    const option = this.list.children[this.active];
    option?.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", option?.id ?? "");
  }

  private choose(index: number): void {
    const one = this.found[index];
    if (!one) return;
    this.input.value = one.label;
    this.write("id", one.id);
    if (one.longitude != null && one.latitude != null) {
      this.write("longitude", String(one.longitude));
      this.write("latitude", String(one.latitude));
    }
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
    this.close();
    this.dispatchEvent(new CustomEvent("linli:address", { bubbles: true, detail: one }));
    announce(say("chosen", { name: one.label }));
  }

  /** Writes into the input that data-id-field, data-longitude-field or data-latitude-field names by id. */
  private write(part: "id" | "longitude" | "latitude", value: string): void {
    const target = document.getElementById(this.dataset[`${part}Field`] ?? "");
    if (!(target instanceof HTMLInputElement)) return;
    target.value = value;
    target.dispatchEvent(new Event("change", { bubbles: true }));
  }

  private close(): void {
    this.list.hidden = true;
    this.active = -1;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}
