// <linli-live src="…" every="20">: asks for its part of the page again, while somebody looks and nobody is inside.
import { announce } from "./announce";
import { say } from "./texts";

export class LiveElement extends HTMLElement {
  private timer = 0;
  private failures = 0;

  connectedCallback(): void {
    this.plan();
    document.addEventListener("visibilitychange", this.wake);
  }

  disconnectedCallback(): void {
    clearTimeout(this.timer);
    document.removeEventListener("visibilitychange", this.wake);
  }

  private readonly wake = (): void => {
    if (!document.hidden) void this.refresh();
  };

  private plan(): void {
    clearTimeout(this.timer);
    const seconds = Math.max(3, Number(this.getAttribute("every") ?? 30)) * Math.min(8, 2 ** this.failures);
    this.timer = window.setTimeout(() => void this.refresh(), seconds * 1000);
  }

  private async refresh(): Promise<void> {
    const busy = document.hidden || this.contains(document.activeElement) || document.querySelector("dialog[open]") !== null;
    if (!busy) await this.load();
    if (this.isConnected) this.plan();
  }

  private async load(): Promise<void> {
    try {
      const answer = await fetch(this.getAttribute("src") ?? "", { headers: { "HX-Request": "true", "Linli-Live": "true" }, redirect: "error" });
      if (answer.status === 204) return;
      if (!answer.ok) throw new Error(String(answer.status));
      this.swap(await answer.text());
      this.failures = 0;
      this.classList.remove("is-stale");
    } catch {
      this.failures += 1;
      if (this.failures === 2) announce(say("liveStale"));
      if (this.failures >= 2) this.classList.add("is-stale");
    }
  }

  private swap(markup: string): void {
    const page = new DOMParser().parseFromString(markup, "text/html");
    const fresh = (this.id && page.getElementById(this.id)) || page.body;
    if (fresh.innerHTML.trim() === this.innerHTML.trim() || fresh.innerHTML === this.dataset["last"]) return;
    const before = count(this);
    this.dataset["last"] = fresh.innerHTML;
    this.replaceChildren(...document.importNode(fresh, true).childNodes);
    this.dispatchEvent(new CustomEvent("linli:swapped", { bubbles: true }));
    const after = count(this);
    if (after !== null && after !== before) announce(after);
  }
}

/** What a part says about itself when it changes: data-live-count="12 cases waiting". */
function count(root: Element): string | null {
  return root.querySelector<HTMLElement>("[data-live-count]")?.dataset["liveCount"] ?? null;
}
