// The parts of ECharts that the report uses, as one classic script.
import { BarChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, MarkAreaComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

use([AriaComponent, BarChart, GridComponent, LegendComponent, MarkAreaComponent, MarkLineComponent, SVGRenderer, TooltipComponent]);

const engine = { init };
export type ChartEngine = typeof engine;
(globalThis as unknown as { linliChartEngine: ChartEngine }).linliChartEngine = engine;
