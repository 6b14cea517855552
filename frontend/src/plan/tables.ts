// Tables that can be searched, sorted and paged by keyboard; drawn a page at a time.
import { byId, element } from "./elements";
import { formatNumber, language, onLanguage, say, speak } from "./language";
import type { Column, TableData } from "./payload";
import { number } from "./why";

const PAGE = 25;

export class TableView {
  private order: number[];
  private page = 0;
  private sorted: { column: number; up: boolean } | null = null;
  private readonly body = element("tbody");
  private readonly head = element("tr");
  private readonly status = element("p", { class: "table-status", role: "status" });
  private readonly search: HTMLInputElement;
  private readonly pager = element("div", { class: "pager" });
  private readonly caption = element("caption", { class: "unseen" });
  private readonly clause: Column | undefined;

  constructor(
    private readonly table: TableData,
    private readonly hidden: ReadonlySet<string>,
    private readonly show: ((row: number) => void) | null,
  ) {
    this.order = this.allRows();
    this.clause = table.columns.find((column) => column.kind === "clause");
    this.search = element("input", { type: "search", id: `search-${table.id}` });
    this.search.addEventListener("input", () => this.filter());
    this.build(byId(`table-${table.id}`));
    onLanguage(() => this.draw());
    this.draw();
  }

  private build(parent: HTMLElement): void {
    const label = element("label", { for: this.search.id });
    const frame = element("div", { class: "table-frame", tabindex: 0, role: "region" });
    frame.append(element("table", {}, this.caption, element("thead", {}, this.head), this.body));
    const tools = element("div", { class: "table-tools" }, label, this.search, this.status);
    parent.replaceChildren(tools, frame, this.pager);
    onLanguage(() => {
      label.textContent = say("table.search");
      frame.setAttribute("aria-label", speak(this.table.title));
    });
    label.textContent = say("table.search");
    frame.setAttribute("aria-label", speak(this.table.title));
  }

  private allRows(): number[] {
    return Array.from({ length: this.table.length }, (_, row) => row);
  }

  private text(column: Column, row: number): string {
    const value = column.values[row];
    if (column.texts) return typeof value === "number" && value >= 0 ? speak(column.texts[value]!) : "—";
    return formatNumber(value, column.digits);
  }

  private filter(): void {
    const wanted = this.search.value.trim().toLowerCase();
    const columns = this.table.columns.filter((column) => !["int", "real"].includes(column.kind));
    this.order = this.allRows().filter(
      (row) => wanted === "" || columns.some((column) => this.text(column, row).toLowerCase().includes(wanted)),
    );
    this.page = 0;
    this.sort();
    this.draw();
  }

  private sort(): void {
    if (this.sorted === null) return;
    const { column, up } = this.sorted;
    const chosen = this.table.columns[column]!;
    const sign = up ? 1 : -1;
    const collator = new Intl.Collator(language() === "zh" ? "zh-CN" : "en", { numeric: true });
    this.order.sort((a, b) => {
      const [left, right] = [chosen.values[a] ?? null, chosen.values[b] ?? null];
      if (left === null || right === null) return left === right ? a - b : left === null ? 1 : -1;
      const both = typeof left === "number" && typeof right === "number" && !chosen.texts;
      const by = both ? left - right : collator.compare(this.text(chosen, a), this.text(chosen, b));
      return sign * by || a - b;
    });
  }

  private draw(): void {
    this.caption.textContent = speak(this.table.title);
    this.drawHead();
    const rows = this.order.slice(this.page * PAGE, (this.page + 1) * PAGE);
    this.body.replaceChildren(...rows.map((row) => this.drawRow(row)));
    this.status.textContent = this.counted();
    this.drawPager();
  }

  private counted(): string {
    const { length, total } = this.table;
    const shown = say("table.rows", { shown: formatNumber(this.order.length), length: formatNumber(length) });
    return total > length ? `${shown} ${say("table.limited", { length: formatNumber(length), total: formatNumber(total) })}` : shown;
  }

  private drawHead(): void {
    const cells = this.table.columns.map((column, index) => {
      const sorted = this.sorted?.column === index ? (this.sorted.up ? "ascending" : "descending") : undefined;
      const button = element("button", { type: "button", class: "sort" }, speak(column.header));
      button.addEventListener("click", () => this.sortBy(index));
      const numeric = column.kind === "int" || column.kind === "real";
      const hidden = this.hidden.has(column.key);
      return element("th", { scope: "col", "aria-sort": sorted, hidden, class: numeric ? "number" : undefined }, button);
    });
    if (this.show) cells.unshift(element("th", { scope: "col" }, say("table.on_map")));
    this.head.replaceChildren(...cells);
  }

  private sortBy(column: number): void {
    const up = this.sorted?.column === column ? !this.sorted.up : true;
    this.sorted = { column, up };
    this.sort();
    this.page = 0;
    this.draw();
    this.head.querySelectorAll<HTMLButtonElement>("button.sort")[column]?.focus();
  }

  private drawRow(row: number): HTMLTableRowElement {
    const made = element("tr");
    if (this.show) {
      const name = this.text(this.table.columns.find((c) => c.key === "name") ?? this.table.columns[0]!, row);
      const button = element("button", { type: "button", class: "quiet", "aria-label": say("table.show", { name }) }, "◎");
      button.addEventListener("click", () => this.show?.(row));
      made.append(element("td", {}, button));
    }
    for (const column of this.table.columns) {
      if (!this.hidden.has(column.key)) made.append(this.cell(column, row));
    }
    return made;
  }

  private cell(column: Column, row: number): HTMLTableCellElement {
    const text = this.text(column, row);
    const value = column.values[row];
    if (column.kind === "clause") {
      return element("td", { class: "clause-cell" }, value ? element("a", { href: `#clause-${value}` }, text) : "—");
    }
    const numeric = column.kind === "int" || column.kind === "real";
    if (!numeric || value === null || column.basis === null) {
      return element("td", { class: numeric ? "number" : column.kind }, text);
    }
    const clause = this.clause?.values[row];
    const basis = column.basis === "clause" ? (clause ? `clause-${clause}` : "method-search") : column.basis;
    const label = `${speak(column.header)}:`;
    return element("td", { class: "number" }, number(text, { basis, label }));
  }

  private drawPager(): void {
    const pages = Math.max(1, Math.ceil(this.order.length / PAGE));
    this.pager.hidden = pages === 1;
    const turn = (key: string, to: number): HTMLButtonElement => {
      const button = element("button", { type: "button", disabled: to < 0 || to >= pages }, say(key));
      button.addEventListener("click", () => {
        this.page = to;
        this.draw();
      });
      return button;
    };
    const where = say("table.page", { page: this.page + 1, pages });
    this.pager.replaceChildren(turn("table.previous", this.page - 1), element("span", {}, where), turn("table.next", this.page + 1));
  }
}
