// The map: beats coloured by the chosen layer, stations' borders, places and posts, labels drawn on this machine.
import type { ExpressionSpecification, GeoJSONSource, Map as GlMap, MapMouseEvent, StyleSpecification } from "maplibre-gl";
import type { FeatureCollection, Point } from "geojson";
import type { MapEngine } from "../engines/map";
import { byId, element } from "./elements";
import { language, onLanguage, say, speak } from "./language";
import { extent, outlines } from "./outlines";
import type { Layer, Payload } from "./payload";
import { isDark, onTheme } from "./theme";

const FONTS = '"Noto Sans CJK SC","Source Han Sans SC","Microsoft YaHei","PingFang SC","WenQuanYi Micro Hei",sans-serif';
/** Share of the frame left free around the territory at first. */
const MARGIN = 0.05;
/** Levels of zoom after the first view from which work stations are drawn. */
const CLOSER = 1;
/** More posts than these are drawn smaller at first. */
const MANY_POSTS = 60;
const ICONS: Record<string, string> = { community_room: "square", centre_room: "diamond", work_station: "triangle" };

export class PlanMap {
  private readonly map: GlMap;
  private layer: Layer;
  private chosen: number | null = null;
  /** The reader has moved the map, or chosen a beat: it no longer follows its frame. */
  private moved = false;

  constructor(
    private readonly engine: MapEngine,
    private readonly payload: Payload,
    private readonly select: (beat: number) => void,
  ) {
    this.layer = payload.layers[0]!;
    this.map = this.make();
    this.map.on("load", () => this.fill());
    this.map.on("movestart", (event) => {
      if (event.originalEvent) this.moved = true;
    });
    this.map.on("resize", () => this.fitAll());
    this.buildChoice();
    this.drawLegend();
    onLanguage(() => {
      this.drawLegend();
      this.buildChoice();
    });
    onTheme(() => this.recolour());
  }

  show(beat: number): void {
    if (this.chosen !== null) this.map.setFeatureState({ source: "beats", id: this.chosen }, { chosen: false });
    this.chosen = beat;
    this.map.setFeatureState({ source: "beats", id: beat }, { chosen: true });
    this.moved = true;
    const [west, south, east, north] = extent(this.payload, beat);
    if (west <= east) this.map.fitBounds([[west, south], [east, north]], { padding: 110, maxZoom: 11.5, animate: false });
  }

  /** Shows the whole territory, until the reader moves the map, and sets from which zoom marks grow. */
  private fitAll(): void {
    if (this.moved) return;
    const [west, south, east, north] = this.payload.bounds;
    this.map.fitBounds([[west, south], [east, north]], { padding: this.margin(), animate: false });
    if (this.map.getLayer("rooms-mark")) this.scaleMarks();
  }

  private margin(): number {
    const { clientWidth, clientHeight } = byId("map-canvas");
    return Math.round(MARGIN * Math.min(clientWidth, clientHeight));
  }

  private scaleMarks(): void {
    const first = this.map.getZoom();
    const room = Math.min(1, Math.max(0.65, byId("map-canvas").clientWidth / 700));
    const small = (this.payload.posts.kind.length > MANY_POSTS ? 0.26 : 0.42) * room;
    const size: ExpressionSpecification = ["interpolate", ["linear"], ["zoom"], first, small, first + 1, Math.max(small, 0.36), first + 3, 0.62];
    for (const layer of ["rooms-mark", "stations-mark"]) this.map.setLayoutProperty(layer, "icon-size", size);
    this.map.setLayerZoomRange("stations-mark", first + CLOSER, 24);
    this.map.setLayerZoomRange("places-dot", first + CLOSER, 24);
    this.map.setLayerZoomRange("places-name", first + 2 * CLOSER, 24);
  }

  private make(): GlMap {
    const source = byId("map-worker").textContent ?? "";
    // From a file:// page Chrome starts no module worker; an address that ends in .cjs asks for a classic one.
    this.engine.setWorkerUrl(`${URL.createObjectURL(new Blob([source], { type: "text/javascript" }))}#worker.cjs`);
    const [west, south, east, north] = this.payload.bounds;
    const map = new this.engine.Map({
      container: byId("map-canvas"),
      style: this.style(),
      bounds: [[west, south], [east, north]],
      fitBoundsOptions: { padding: this.margin() },
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      renderWorldCopies: false,
      localIdeographFontFamily: FONTS,
      cooperativeGestures: false,
      canvasContextAttributes: { antialias: true },
    });
    map.touchZoomRotate.disableRotation();
    map.scrollZoom.disable();
    map.once("click", () => map.scrollZoom.enable());
    map.addControl(new this.engine.NavigationControl({ showCompass: false }), "top-right");
    map.addControl(new this.engine.ScaleControl({ unit: "metric" }), "bottom-left");
    map.on("click", "beats-fill", (event: MapMouseEvent & { features?: { id?: string | number | undefined }[] }) => {
      const id = event.features?.[0]?.id;
      if (typeof id === "number") this.pick(id);
    });
    map.on("mousemove", "beats-fill", () => (map.getCanvas().style.cursor = "pointer"));
    map.on("mouseleave", "beats-fill", () => (map.getCanvas().style.cursor = ""));
    return map;
  }

  private pick(beat: number): void {
    if (this.chosen !== null) this.map.setFeatureState({ source: "beats", id: this.chosen }, { chosen: false });
    this.chosen = beat;
    this.map.setFeatureState({ source: "beats", id: beat }, { chosen: true });
    this.select(beat);
  }

  private style(): StyleSpecification {
    const empty = { type: "geojson" as const, data: { type: "FeatureCollection" as const, features: [] } };
    const ink = "#1b2430";
    const halo = "#ffffff";
    const label = { "text-color": ink, "text-halo-color": halo, "text-halo-width": 1.4 };
    return {
      version: 8,
      sources: { beats: empty, stations: empty, places: empty, posts: empty, names: empty },
      layers: [
        { id: "ground", type: "background", paint: { "background-color": ground() } },
        { id: "beats-fill", type: "fill", source: "beats", paint: { "fill-color": ["get", "colour"], "fill-opacity": 0.92 } },
        { id: "beats-line", type: "line", source: "beats", paint: { "line-color": "#5b6675", "line-width": 0.7 } },
        { id: "stations-line", type: "line", source: "stations", paint: { "line-color": ink, "line-width": 1.8 } },
        {
          id: "chosen-line", type: "line", source: "beats",
          paint: { "line-color": "#000000", "line-width": ["case", ["boolean", ["feature-state", "chosen"], false], 4, 0] },
        },
        {
          id: "places-dot", type: "circle", source: "places",
          paint: { "circle-radius": ["interpolate", ["linear"], ["zoom"], 8, 1, 12, 3], "circle-color": "#445062" },
        },
        {
          id: "stations-mark", type: "symbol", source: "posts", filter: ["==", ["get", "kind"], "work_station"],
          layout: { "icon-image": ["get", "icon"], "icon-allow-overlap": true },
        },
        {
          id: "rooms-mark", type: "symbol", source: "posts", filter: ["!=", ["get", "kind"], "work_station"],
          layout: { "icon-image": ["get", "icon"], "icon-allow-overlap": true },
        },
        {
          id: "places-name", type: "symbol", source: "places",
          layout: { "text-field": ["get", "name"], "text-size": 11, "text-anchor": "top", "text-offset": [0, 0.5], "text-optional": true },
          paint: label,
        },
        {
          id: "stations-name", type: "symbol", source: "names",
          layout: { "text-field": ["get", "name"], "text-size": 13, "text-padding": 6 },
          paint: { ...label, "text-halo-width": 2 },
        },
      ],
    } as StyleSpecification;
  }

  private fill(): void {
    this.addIcons();
    this.recolour();
    this.set("stations", outlines(this.payload, "stations"));
    const { places, posts } = this.payload;
    this.set("places", points(places.position, (i) => ({ name: places.name[i]! })));
    this.set("posts", points(posts.position, (i) => ({ kind: posts.kind[i]!, icon: `${ICONS[posts.kind[i]!] ?? "square"}-${posts.existing[i] ? "old" : "new"}` })));
    this.set("names", this.stationNames());
    this.fitAll();
    byId("map-canvas").dataset["ready"] = "true";
  }

  private set(source: string, data: FeatureCollection): void {
    (this.map.getSource(source) as GeoJSONSource | undefined)?.setData(data);
  }

  /** Station names at the mean of their rooms' positions, which lie where people live. */
  private stationNames(): FeatureCollection<Point> {
    const names = this.payload.tables.stations.columns.find((c) => c.key === "name")!;
    const sums = new Map<number, [number, number, number]>();
    this.payload.beats.posts.forEach((posts, beat) => {
      const station = this.payload.beats.station[beat]!;
      for (const post of posts) {
        const [x, y] = this.payload.posts.position[post]!;
        const [a, b, n] = sums.get(station) ?? [0, 0, 0];
        sums.set(station, [a + x, b + y, n + 1]);
      }
    });
    const found = [...sums.entries()].filter(([station]) => station >= 0);
    return points(
      found.map(([, [x, y, n]]) => [x / n, y / n]),
      (i) => ({ name: String(names.values[found[i]![0]] ?? "") }),
    );
  }

  private recolour(): void {
    const beats = outlines(this.payload, "beats");
    beats.features.forEach((feature, i) => {
      feature.properties = { colour: this.layer.classes[this.layer.index[i]!]!.colour };
    });
    this.set("beats", beats);
    if (this.map.getLayer("ground")) this.map.setPaintProperty("ground", "background-color", ground());
  }

  private addIcons(): void {
    for (const shape of Object.values(ICONS)) {
      for (const age of ["old", "new"]) this.map.addImage(`${shape}-${age}`, drawIcon(shape, age === "old"), { pixelRatio: 2 });
    }
  }

  private buildChoice(): void {
    const group = byId("map-layers");
    group.replaceChildren(element("legend", {}, say("map.colour_by")));
    for (const layer of this.payload.layers) {
      const input = element("input", { type: "radio", name: "layer", value: layer.id, checked: layer === this.layer });
      input.addEventListener("change", () => {
        this.layer = layer;
        this.recolour();
        this.drawLegend();
      });
      group.append(element("label", {}, input, speak(layer.title)));
    }
    for (const title of this.payload.absent) {
      const input = element("input", { type: "radio", name: "layer", disabled: true });
      group.append(element("label", { class: "absent" }, input, say("map.absent", { layer: speak(title) })));
    }
  }

  private drawLegend(): void {
    const counts = new Array<number>(this.layer.classes.length).fill(0);
    for (const index of this.layer.index) counts[index]! += 1;
    const items = this.layer.classes.flatMap((made, i) => {
      if (counts[i] === 0 && i === this.layer.classes.length - 1) return [];
      const swatch = element("span", { class: "swatch", "aria-hidden": "true" });
      swatch.style.background = made.colour;
      return [element("li", {}, swatch, speak(made.label), element("span", { class: "count" }, say("map.beats", { count: counts[i]! })))];
    });
    byId("map-legend").replaceChildren(element("ul", {}, ...items), marks(this.payload));
    byId("map-canvas").setAttribute("lang", language() === "zh" ? "zh-CN" : "en");
  }
}

function marks(payload: Payload): HTMLElement {
  const kinds = [...new Set(payload.posts.kind)];
  const ages = [...new Set(payload.posts.existing)].sort().reverse();
  const known = new Set(payload.posts.kind.map((kind, i) => `${kind}-${payload.posts.existing[i]}`));
  const items = kinds.flatMap((kind) =>
    ages.filter((age) => known.has(`${kind}-${age}`)).map((age) => {
      const { width, height, data } = drawIcon(ICONS[kind] ?? "square", age === 1);
      const canvas = element("canvas", { width, height, "aria-hidden": "true", class: "mark" });
      canvas.getContext("2d")?.putImageData(new ImageData(new Uint8ClampedArray(data), width, height), 0, 0);
      const label = `${say(`post.${kind}`)} · ${say(age ? "post.existing" : "post.new")}`;
      return element("li", {}, canvas, kind === "work_station" ? say("map.closer", { mark: label }) : label);
    }),
  );
  return element("ul", {}, ...items);
}

function points(positions: [number, number][], properties: (index: number) => Record<string, string>): FeatureCollection<Point> {
  return {
    type: "FeatureCollection",
    features: positions.map((coordinates, i) => ({ type: "Feature", properties: properties(i), geometry: { type: "Point", coordinates } })),
  };
}

/** A room's mark: filled where it stands already, hollow where it is new. */
function drawIcon(shape: string, filled: boolean): ImageData {
  const size = 64;
  const canvas = element("canvas", { width: size, height: size });
  const pen = canvas.getContext("2d", { willReadFrequently: true })!;
  pen.scale(2, 2);
  const corners: Record<string, [number, number][]> = {
    square: [[6, 6], [26, 6], [26, 26], [6, 26]],
    diamond: [[16, 3], [29, 16], [16, 29], [3, 16]],
    triangle: [[16, 4], [29, 27], [3, 27]],
  };
  pen.beginPath();
  for (const [x, y] of corners[shape] ?? []) pen.lineTo(x, y);
  pen.closePath();
  pen.lineJoin = "round";
  pen.lineWidth = 7;
  pen.strokeStyle = "#ffffff";
  pen.stroke();
  pen.lineWidth = 4;
  pen.strokeStyle = "#12335c";
  pen.fillStyle = filled ? "#12335c" : "#ffffff";
  pen.fill();
  pen.stroke();
  return pen.getImageData(0, 0, size, size);
}

function ground(): string {
  return isDark() ? "#171c23" : "#f7f8fa";
}
