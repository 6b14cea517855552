// <linli-chart data-from="id of a JSON block">: ECharts over the numbers of the table below, drawn on a canvas.
import { BarChart, LineChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

use([AriaComponent, BarChart, CanvasRenderer, GridComponent, LegendComponent, LineChart, MarkLineComponent, TooltipComponent]);

/** What a page says of its chart: kind, one category axis, series of numbers. */
interface ChartData {
  kind?: "bar" | "line";
  categories: string[];
  series: { name: string; values: (number | null)[]; tone?: string }[];
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
    aria: { enabled: true, decal: { show: data.series.length > 1 && data.kind !== "line" }, label: { description: data.description } },
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
