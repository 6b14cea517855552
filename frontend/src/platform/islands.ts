// Maps and charts are large: their scripts are fetched when a page holds one.
import { address } from "./texts";

const ISLANDS: Record<string, string> = { "linli-map": "map", "linli-position": "map", "linli-chart": "chart" };
const asked = new Set<string>();

export function loadIslands(root: ParentNode): void {
  for (const [tag, script] of Object.entries(ISLANDS)) {
    if (asked.has(script) || root.querySelector(tag) === null) continue;
    asked.add(script);
    if (script === "map") addMapStyle();
    void import(/* @vite-ignore */ address(script));
  }
}

function addMapStyle(): void {
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = address("mapStyle");
  document.head.prepend(link);
}
