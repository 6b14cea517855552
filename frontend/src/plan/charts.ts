// Three charts: workload against target, people to add by date, outcomes of the clauses.
import type { ChartEngine } from "../engines/charts";
import { formatNumber, onLanguage, say, speak } from "./language";
import type { Column, Outcome, Payload, TableData } from "./payload";
import { colour, onTheme } from "./theme";

type Option = Record<string, unknown>;
const STEP = 5;
/** Share of the longest bar from which a number fits into a part of it; the tooltip and the table have all. */
const ROOM_FOR_LABEL = 0.12;
const FONTS = '"Noto Sans CJK SC","Source Han Sans SC","Microsoft YaHei","PingFang SC",sans-serif';
const GRID = { left: 4, right: 20, top: 28, bottom: 4, outerBoundsMode: "same", outerBoundsContain: "all" };
const STATUS_COLOURS: Record<string, string> = {
  met: "#1b7f5c", not_met: "#b3360b", unknown: "#8a6d00", not_yet_due: "#2f6fb0", waiting: "#6b7686", not_applicable: "#98a1ad", declined: "#98a1ad",
  reproduced: "#4d7f6d", differs: "#a65a2e", worked_out: "#7d8794",
};

export function setUpCharts(engine: ChartEngine, payload: Payload): void {
  const charts: [string, () => Option | null][] = [
    ["chart-load", () => load(payload)],
    ["chart-hiring", () => hiring(payload)],
    ["chart-clauses", () => outcomes(payload.statuses, "clauses")],
    ["chart-figures", () => outcomes(payload.figures, "figures")],
  ];
  for (const [id, option] of charts) {
    const box = document.getElementById(id);
    if (box === null) continue; // the page leaves out the chart of figures where the pack has none
    let chart: ReturnType<ChartEngine["init"]> | null = null;
    const draw = (): void => {
      const made = option();
      if (made === null) {
        box.textContent = say("chart.nothing");
        box.classList.add("empty");
        return;
      }
      box.style.height = `${(made["linliHeight"] as number | undefined) ?? 260}px`;
      chart ??= engine.init(box, null, { renderer: "svg" });
      chart.resize();
      chart.setOption({ ...base(), ...made }, true);
    };
    draw();
    onLanguage(draw);
    onTheme(draw);
    new ResizeObserver(() => chart?.resize()).observe(box);
  }
}

function base(): Option {
  return {
    animation: false,
    textStyle: { color: colour("ink"), fontFamily: FONTS, fontSize: 12 },
    grid: GRID,
    tooltip: { trigger: "axis", axisPointer: { type: "shadow" }, confine: true, backgroundColor: colour("paper"), borderColor: colour("line"), textStyle: { color: colour("ink") } },
  };
}

function legend(): Option {
  return { top: 0, itemGap: 16, textStyle: { color: colour("ink"), fontFamily: FONTS, fontSize: 12 } };
}

function axis(type: "value" | "category", more: Option = {}): Option {
  return {
    type,
    axisLabel: { color: colour("ink"), fontFamily: FONTS, fontSize: 12, hideOverlap: type === "value" },
    splitNumber: 4,
    nameTextStyle: { color: colour("soft") },
    axisLine: { lineStyle: { color: colour("line") } },
    splitLine: { lineStyle: { color: colour("line") } },
    minInterval: type === "value" ? 1 : undefined,
    ...more,
  };
}

function column(table: TableData, key: string): Column {
  const found = table.columns.find((c) => c.key === key);
  if (!found) throw new Error(`no column ${key}`);
  return found;
}

function load(payload: Payload): Option | null {
  const ratios = column(payload.tables.beats, "load_percent").values.filter((v): v is number => typeof v === "number");
  if (ratios.length === 0) return plainLoad(payload);
  const low = Math.floor(Math.max(0, Math.min(...bounds(ratios), 85)) / STEP) * STEP;
  const high = Math.ceil(Math.min(300, Math.max(...bounds(ratios), 115)) / STEP) * STEP;
  const tolerance = payload.tolerance * 100;
  const bins = Math.round((high - low) / STEP);
  const colours = payload.layers[0]!.classes.map((made) => made.colour);
  const groups: [string, string, (ratio: number) => boolean][] = [
    ["chart.below", colours[0]!, (ratio) => ratio < 100 - tolerance - 1e-6],
    ["chart.within", "#2f7fbc", (ratio) => Math.abs(ratio - 100) <= tolerance + 1e-6],
    ["chart.above", colours[4]!, (ratio) => ratio > 100 + tolerance + 1e-6],
  ];
  const series = groups.map(([key, fill, belongs]) => {
    const data = new Array<number>(bins).fill(0);
    for (const ratio of ratios.filter(belongs)) {
      data[Math.min(bins - 1, Math.max(0, Math.floor((ratio - low) / STEP)))]! += 1;
    }
    return { type: "bar", stack: "beats", name: say(key, { tolerance: formatNumber(tolerance) }), data, barCategoryGap: "12%", itemStyle: { color: fill } };
  });
  const labels = Array.from({ length: bins }, (_, i) => `${low + i * STEP}–${low + (i + 1) * STEP}`);
  return {
    legend: legend(),
    xAxis: axis("category", { data: labels, name: say("chart.load_axis"), nameLocation: "middle", nameGap: 28 }),
    yAxis: axis("value", { name: say("chart.beats"), nameLocation: "middle" }),
    grid: { ...GRID, top: 34 },
    series,
    aria: { enabled: true, label: { description: say("chart.load_described", { total: ratios.length }) } },
  };
}

/** Workload as it is, where no clause gives beats a target. */
function plainLoad(payload: Payload): Option | null {
  const loads = column(payload.tables.beats, "workload").values.filter((v): v is number => typeof v === "number");
  if (loads.length === 0) return null;
  const [low, high] = bounds(loads);
  const step = roundStep(Math.max(1, (high - low) / 12));
  const first = Math.floor(low / step);
  const data = new Array<number>(Math.floor(high / step) - first + 1).fill(0);
  for (const load of loads) data[Math.floor(load / step) - first]! += 1;
  const labels = data.map((_, i) => `${formatNumber((first + i) * step)}–${formatNumber((first + i + 1) * step)}`);
  return {
    xAxis: axis("category", { data: labels, name: say("chart.plain_axis"), nameLocation: "middle", nameGap: 28 }),
    yAxis: axis("value", { name: say("chart.beats"), nameLocation: "middle" }),
    grid: { ...GRID, top: 12 },
    series: [{ type: "bar", name: say("chart.beats"), data, barCategoryGap: "12%", itemStyle: { color: "#2f7fbc" } }],
    aria: { enabled: true, label: { description: say("chart.plain_described", { total: loads.length }) } },
  };
}

function roundStep(wanted: number): number {
  const power = 10 ** Math.floor(Math.log10(wanted));
  return [1, 2, 5, 10].map((n) => n * power).find((n) => n >= wanted) ?? 10 * power;
}

function bounds(values: number[]): [number, number] {
  return values.reduce<[number, number]>(([a, b], v) => [Math.min(a, v), Math.max(b, v)], [Infinity, -Infinity]);
}

function hiring(payload: Payload): Option | null {
  const table = payload.tables.hiring;
  if (table.length === 0) return null;
  const [by, clause, role, required, have, add] = ["by", "clause", "role", "required", "have", "to_add"].map((k) => column(table, k)) as [Column, Column, Column, Column, Column, Column];
  const rows = [...Array(table.length).keys()].reverse();
  const name = (i: number): string => `${by.values[i]} ${speak(role.texts![role.values[i] as number]!)} (${clause.values[i]})`;
  const numbers = (c: Column): number[] => rows.map((i) => (typeof c.values[i] === "number" ? (c.values[i] as number) : 0));
  const unknown = rows.map((i) => (add.values[i] === null ? (required.values[i] as number) : 0));
  const held = rows.map((i) => Math.min(Number(have.values[i] ?? 0), Number(required.values[i] ?? 0)));
  const longest = Math.max(...required.values.map(Number), 1);
  const fits = (value: number): boolean => value > ROOM_FOR_LABEL * longest;
  const label = { show: true, color: colour("ink"), formatter: ({ value }: { value: number }) => (fits(value) ? formatNumber(value) : "") };
  const series = (key: string, data: number[], fill: string, text: string): Option => ({
    type: "bar", stack: "people", name: say(key), data, itemStyle: { color: fill }, barMaxWidth: 26, label: { ...label, color: text },
  });
  return {
    linliHeight: 90 + rows.length * 34,
    legend: legend(),
    xAxis: axis("value", { name: say("chart.people"), nameLocation: "middle", nameGap: 26 }),
    yAxis: axis("category", { data: rows.map(name), splitLine: { show: false } }),
    grid: { ...GRID, top: 34 },
    series: [
      series("chart.have", held, "#2f7fbc", "#ffffff"),
      series("chart.to_add", numbers(add), "#fdb863", "#1b2430"),
      series("chart.no_staff_table", unknown, "#c5cbd3", "#1b2430"),
    ].filter((one) => (one["data"] as number[]).some((value) => value > 0)),
    aria: { enabled: true, label: { description: say("chart.hiring_described", { total: table.length }) } },
  };
}

function outcomes(counted: Outcome[], what: "clauses" | "figures"): Option | null {
  if (counted.length === 0) return null;
  const shown = [...counted].reverse();
  return {
    linliHeight: 60 + shown.length * 34,
    xAxis: axis("value", { name: say(`chart.${what}`), nameLocation: "middle", nameGap: 26 }),
    yAxis: axis("category", { data: shown.map((s) => speak(s.label)), splitLine: { show: false } }),
    grid: { ...GRID, top: 8, right: 36 },
    series: [
      {
        type: "bar",
        name: say(`chart.${what}`),
        barMaxWidth: 24,
        data: shown.map((s) => ({ value: s.count, itemStyle: { color: STATUS_COLOURS[s.id] } })),
        label: { show: true, position: "right", color: colour("ink") },
      },
    ],
    aria: { enabled: true, label: { description: say(`chart.${what}_described`) } },
  };
}
