// <linli-chart data-from="id of a JSON block">: ECharts over the numbers of the table below, drawn on a canvas.
import { BarChart, CustomChart, LineChart, ScatterChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

use([AriaComponent, BarChart, CanvasRenderer, CustomChart, GridComponent, LegendComponent, LineChart, MarkLineComponent, ScatterChart, TooltipComponent]);

/** What a page says of its chart: kind, one category axis, series of numbers. */
interface ChartData {
  /** `interval`: a dot and its interval for each category; `funnel`: dots over `x` between two limits. */
  kind?: "bar" | "line" | "interval" | "funnel";
  categories: string[];
  /** `low` and `high`: ends of intervals, or limits. */
  series: { name: string; values: (number | null)[]; tone?: string; low?: number[]; high?: number[] }[];
  x?: number[];
  x_name?: string;
  unit?: string;
  stacked?: boolean;
  horizontal?: boolean;
  target?: { name: string; value: number };
  description?: string;
}

const FONTS = '"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif';
const ORDER = ["info", "progress", "warning", "good", "danger", "neutral", "private"];

class ChartElement extends HTMLElement {
  private chart: ReturnType<typeof init> | null = null;
  private observer: ResizeObserver | null = null;

  connectedCallback(): void {
    const frame = this.querySelector<HTMLElement>(".chart-frame") ?? this.appendChild(document.createElement("div"));
    frame.classList.add("chart-frame");
    const data = JSON.parse(document.getElementById(this.dataset["from"] ?? "")?.textContent ?? "null") as ChartData | null;
    if (data === null) return;
    if (data.horizontal) frame.style.height = `${70 + data.categories.length * 32}px`;
    this.chart = init(frame, null, { renderer: "canvas" });
    this.draw(data);
    this.observer = new ResizeObserver(() => this.chart?.resize());
    this.observer.observe(frame);
    document.addEventListener("linli:theme", () => this.draw(data));
    this.dataset["ready"] = "true";
  }

  disconnectedCallback(): void {
    this.observer?.disconnect();
    this.chart?.dispose();
    this.chart = null;
  }

  private draw(data: ChartData): void {
    this.chart?.setOption(option(data), true);
  }
}

function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--linli-${name}`).trim();
}

function option(data: ChartData): Record<string, unknown> {
  const found = plain(data);
  if (data.kind === "interval") return { ...found, series: data.series.flatMap((one, i) => intervals(data, one, i)) };
  if (data.kind !== "funnel") return found;
  const x = { ...(found["yAxis"] as object), name: data.x_name ?? "", nameLocation: "middle", nameGap: 28 };
  return { ...found, xAxis: x, tooltip: { ...(found["tooltip"] as object), trigger: "item" }, series: data.series.flatMap((one) => funnel(data, one)) };
}

/** A dot at each value and the interval around it, one line a category. */
function intervals(data: ChartData, one: ChartData["series"][number], index: number): Record<string, unknown>[] {
  const tone = colour(`tone-${one.tone ?? ORDER[index % ORDER.length]}`);
  const ends = data.categories.map((_, i) => [one.low?.[i] ?? null, one.high?.[i] ?? null, i]);
  const drawn = (_: unknown, api: { value(i: number): number; coord(at: number[]): number[] }): unknown => {
    const [from, to] = [api.coord([api.value(0), api.value(2)]), api.coord([api.value(1), api.value(2)])];
    return { type: "line", shape: { x1: from[0], y1: from[1], x2: to[0], y2: to[1] }, style: { stroke: tone, lineWidth: 3, opacity: 0.55 } };
  };
  return [
    { type: "custom", name: one.name, data: ends, renderItem: drawn, encode: { x: [0, 1], y: 2 }, silent: true, tooltip: { show: false }, itemStyle: { color: tone } },
    { type: "scatter", name: one.name, data: one.values.map((value, i) => [value, i]), symbolSize: 11, itemStyle: { color: tone }, ...(index === 0 && data.target ? { markLine: target(data, data.target) } : {}) },
  ];
}

/** Dots over what was expected, between the limits of chance. */
function funnel(data: ChartData, one: ChartData["series"][number]): Record<string, unknown>[] {
  const x = data.x ?? [];
  const edge = (values: number[] | undefined, name: string): Record<string, unknown> => ({
    type: "line", name, data: (values ?? []).map((value, i) => [x[i], value]), showSymbol: false, silent: true, step: "middle", lineStyle: { color: colour("tone-neutral"), type: "dashed", width: 1.5 }, itemStyle: { color: colour("tone-neutral") },
  });
  const dots = one.values.map((value, i) => ({ name: data.categories[i], value: [x[i], value] }));
  const drawn = { type: "scatter", name: one.name, data: dots.filter((dot) => dot.value[1] !== null), symbolSize: 11, itemStyle: { color: colour(`tone-${one.tone ?? "info"}`) } };
  return one.low === undefined ? [drawn] : [edge(one.low, ""), edge(one.high, ""), drawn];
}

function plain(data: ChartData): Record<string, unknown> {
  const [ink, line, paper] = [colour("ink"), colour("line"), colour("paper")];
  const text = { color: ink, fontFamily: FONTS, fontSize: 13 };
  const named = { type: "category", data: data.categories, inverse: data.horizontal === true, axisLabel: text, axisTick: { show: false }, axisLine: { lineStyle: { color: line } } };
  const valued = { type: "value", name: data.unit ?? "", nameTextStyle: text, axisLabel: text, splitNumber: 4, splitLine: { lineStyle: { color: line } } };
  const several = data.series.length > 1 || data.target !== undefined;
  return {
    animation: false,
    textStyle: text,
    legend: several ? { top: 0, left: 0, textStyle: text, itemGap: 18 } : undefined,
    grid: { left: 4, right: 24, top: several ? 48 : data.unit ? 36 : 14, bottom: 6, outerBoundsMode: "same", outerBoundsContain: "all" },
    tooltip: { trigger: "axis", renderMode: "richText", confine: true, backgroundColor: paper, borderColor: line, textStyle: text },
    xAxis: data.horizontal ? valued : named,
    yAxis: data.horizontal ? named : valued,
    series: data.series.map((one, i) => series(data, one, i)),
    aria: { enabled: true, decal: { show: data.series.length > 1 && (data.kind ?? "bar") === "bar" }, label: { description: data.description } },
  };
}

function series(data: ChartData, one: ChartData["series"][number], index: number): Record<string, unknown> {
  const tone = colour(`tone-${one.tone ?? ORDER[index % ORDER.length]}`);
  const line = data.kind === "line";
  return {
    type: data.kind ?? "bar",
    name: one.name,
    data: one.values,
    stack: data.stacked ? "all" : undefined,
    barMaxWidth: 34,
    itemStyle: { color: tone },
    ...(line ? { lineStyle: { color: tone, width: 2.5, type: (["solid", "dashed", "dotted"] as const)[index % 3] }, symbol: ["circle", "rect", "triangle", "diamond"][index % 4], symbolSize: 8 } : {}),
    ...(index === 0 && data.target ? { markLine: target(data, data.target) } : {}),
  };
}

function target(data: ChartData, wanted: NonNullable<ChartData["target"]>): Record<string, unknown> {
  return {
    symbol: "none",
    silent: true,
    label: { formatter: `${wanted.name} ${wanted.value}`, color: colour("ink"), fontFamily: FONTS, position: "insideEndTop" },
    lineStyle: { color: colour("tone-danger"), type: "dashed", width: 2 },
    data: [data.horizontal ? { xAxis: wanted.value } : { yAxis: wanted.value }],
  };
}

customElements.define("linli-chart", ChartElement);
