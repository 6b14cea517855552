// The card of one beat: what lies in it, how long it takes, who is needed and who is missing.
import { byId, element } from "./elements";
import { formatNumber, onLanguage, say, speak } from "./language";
import type { Column, Need, Payload } from "./payload";
import { number } from "./why";

const SHOWN = ["station", "place_names", "residents", "households", "incidents", "premises", "workload", "target", "load_percent", "mean_minutes", "longest_minutes", "remark"];

export class Card {
  private readonly needs: Need[][] = [];
  private beat: number | null = null;

  constructor(private readonly payload: Payload) {
    for (const need of payload.needs) (this.needs[need[0]] ??= []).push(need);
    onLanguage(() => this.draw());
    this.draw();
  }

  show(beat: number): void {
    this.beat = beat;
    this.draw();
  }

  private draw(): void {
    const box = byId("card");
    if (this.beat === null) {
      box.replaceChildren(element("p", { class: "hint" }, say("card.hint")));
      return;
    }
    const beat = this.beat;
    const columns = this.payload.tables.beats.columns;
    const name = columns.find((c) => c.key === "name")!;
    const clause = columns.find((c) => c.key === "clause")!.values[beat];
    const heading = element("h3", {}, speak(name.texts![name.values[beat] as number]!));
    const list = element("dl");
    for (const key of SHOWN) {
      const column = columns.find((c) => c.key === key)!;
      this.entry(list, column, beat, `clause-${clause}`);
    }
    list.append(element("dt", {}, say("card.centre")), element("dd", {}, this.payload.beats.centre[beat] ?? "—"));
    const basis = element("p", { class: "card-clause" }, say("card.clause"), " ", element("a", { href: `#clause-${clause}` }, String(clause)));
    box.replaceChildren(heading, element("p", { class: "card-id" }, String(columns.find((c) => c.key === "id")?.values[beat] ?? "")), list, ...this.posts(beat), ...this.staff(beat), basis);
  }

  private entry(list: HTMLElement, column: Column, beat: number, clause: string): void {
    const value = column.values[beat];
    if (value === null || value === undefined || (column.texts && value === -1)) return;
    const text = column.texts ? speak(column.texts[value as number]!) : formatNumber(value, column.digits);
    const basis = column.basis === "clause" ? clause : column.basis;
    const header = speak(column.header);
    const shown = basis === null ? text : number(text, { basis, label: `${header}:` });
    const wide = column.key === "place_names" ? "wide" : undefined;
    list.append(element("dt", { class: wide }, header), element("dd", { class: wide }, shown));
  }

  private posts(beat: number): Node[] {
    const posts = this.payload.beats.posts[beat] ?? [];
    const items = posts.map((post) => {
      const kind = say(`post.${this.payload.posts.kind[post]}`);
      const stands = say(this.payload.posts.existing[post] ? "post.existing" : "post.new");
      return element("li", {}, `${this.payload.posts.name[post]} · ${kind} · ${stands}`);
    });
    return [element("h4", {}, say("card.posts")), items.length ? element("ul", {}, ...items) : element("p", {}, say("card.none"))];
  }

  private staff(beat: number): Node[] {
    const needs = this.needs[beat] ?? [];
    const title = element("h4", {}, say("card.staff"));
    if (needs.length === 0) return [title, element("p", {}, say("card.none"))];
    const head = ["role", "required", "have", "gap", "clause_id"].map((key) => element("th", { scope: "col" }, say(`card.${key}`)));
    const rows = needs.map(([, clause, role, scope, required, have, gap, formula]) => {
      const reason = { basis: `clause-${clause}`, formula };
      const label = speak(this.payload.roles[role]!);
      return element(
        "tr",
        {},
        element("th", { scope: "row" }, label, element("small", {}, ` ${speak(this.payload.scopes[scope]!)}`)),
        element("td", { class: "number" }, number(formatNumber(required), { ...reason, label: `${label} · ${say("card.required")}:` })),
        element("td", { class: "number" }, have === null ? "—" : number(formatNumber(have), { basis: "method-staffing" })),
        element("td", { class: "number" }, gap === null ? "—" : number(formatNumber(gap), { ...reason, label: `${label} · ${say("card.gap")}:` })),
        element("td", { class: "clause-cell" }, element("a", { href: `#clause-${clause}` }, clause)),
      );
    });
    return [title, element("table", { class: "card-staff" }, element("thead", {}, element("tr", {}, ...head)), element("tbody", {}, ...rows))];
  }
}
