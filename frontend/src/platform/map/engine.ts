// One MapLibre map in our style: no tiles, no fonts and no other host; outlines and points from this server.
import { AttributionControl, Map as GlMap, NavigationControl, ScaleControl, setWorkerUrl, type StyleSpecification } from "maplibre-gl";
import { address } from "../texts";

export const FONTS = '"PingFang SC","Microsoft YaHei","Noto Sans CJK SC","Source Han Sans SC","WenQuanYi Micro Hei",sans-serif';
/** China, where no data says more. */
const ELSEWHERE: [number, number] = [104, 35];

setWorkerUrl(address("mapWorker"));

export interface Colours {
  ground: string;
  fill: string;
  line: string;
  ink: string;
  halo: string;
}

export function colours(): Colours {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string): string => style.getPropertyValue(`--linli-map-${name}`).trim();
  return { ground: read("ground"), fill: read("fill"), line: read("line"), ink: read("ink"), halo: read("halo") };
}

export function canDraw(): boolean {
  return document.createElement("canvas").getContext("webgl2") !== null;
}

export function makeMap(container: HTMLElement, attribution: string): GlMap {
  const map = new GlMap({
    container,
    style: style(colours()),
    center: ELSEWHERE,
    zoom: 3,
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    renderWorldCopies: false,
    localIdeographFontFamily: FONTS,
    cooperativeGestures: false,
    fadeDuration: 0,
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.scrollZoom.disable();
  map.once("click", () => map.scrollZoom.enable());
  map.addControl(new NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new ScaleControl({ unit: "metric" }), "bottom-left");
  if (attribution) map.addControl(new AttributionControl({ customAttribution: escape(attribution), compact: false }), "bottom-right");
  document.addEventListener("linli:theme", () => recolour(map));
  return map;
}

function escape(text: string): string {
  const holder = document.createElement("span");
  holder.textContent = text;
  return holder.innerHTML;
}

function style(c: Colours): StyleSpecification {
  const empty = { type: "geojson" as const, data: { type: "FeatureCollection" as const, features: [] } };
  return {
    version: 8,
    sources: { outline: empty, names: empty },
    layers: [
      { id: "ground", type: "background", paint: { "background-color": c.ground } },
      { id: "outline-fill", type: "fill", source: "outline", paint: { "fill-color": c.fill } },
      { id: "outline-line", type: "line", source: "outline", paint: { "line-color": c.line, "line-width": 1.2 } },
      {
        id: "outline-name", type: "symbol", source: "names",
        layout: { "text-field": ["get", "name"], "text-size": 12.5, "text-padding": 8 },
        paint: { "text-color": c.ink, "text-halo-color": c.halo, "text-halo-width": 1.4 },
      },
    ],
  };
}

function recolour(map: GlMap): void {
  if (!map.getLayer("ground")) return;
  const c = colours();
  map.setPaintProperty("ground", "background-color", c.ground);
  map.setPaintProperty("outline-fill", "fill-color", c.fill);
  map.setPaintProperty("outline-line", "line-color", c.line);
  map.setPaintProperty("outline-name", "text-color", c.ink);
  map.setPaintProperty("outline-name", "text-halo-color", c.halo);
}

/** From here on layers and data can be given to the map; it need not have drawn anything yet. */
export function whenStyled(map: GlMap): Promise<void> {
  return map.isStyleLoaded() ? Promise.resolve() : new Promise((resolve) => void map.once("style.load", () => resolve()));
}
