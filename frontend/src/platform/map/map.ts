// <linli-map data-source="…" data-outline="…">: points on the beats, a card for the chosen one, a list beside it.
import { addClusters, recolourClusters } from "./clusters";
import { addMarks, toneOf } from "./marks";
import { type Bounds, extent, fetchGeoJson, isReal, own, showOutline } from "./outline";
import { canDraw, colours, makeMap, whenStyled } from "./engine";
import { fillList } from "./list";
import { type MarkFeature, marksOf, type Told } from "./types";
import { announce } from "../announce";
import { say } from "../texts";
import type { GeoJSONSource, Map as GlMap } from "maplibre-gl";
import type { Feature, FeatureCollection } from "geojson";

export class MapElement extends HTMLElement {
  private map: GlMap | null = null;
  private frame!: HTMLElement;
  private card!: HTMLElement;
  private timer = 0;
  private last = "";
  private features: MarkFeature[] = [];
  private opener: HTMLElement | null = null;

  connectedCallback(): void {
    if (this.map !== null || this.frame) return;
    this.build();
    void this.start();
  }

  disconnectedCallback(): void {
    clearInterval(this.timer);
    this.map?.remove();
    this.map = null;
  }

  private build(): void {
    this.frame = document.createElement("div");
    this.frame.className = "map-frame";
    this.card = document.createElement("div");
    this.card.className = "map-card card";
    this.card.hidden = true;
    this.card.tabIndex = -1;
    this.card.setAttribute("role", "group");
    this.card.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.closeCard();
    });
    const canvas = this.querySelector(".map-canvas") ?? this;
    canvas.replaceChildren(this.frame, this.card);
  }

  private async start(): Promise<void> {
    const asked = Promise.all([this.outline(), this.points()]);
    const styled = this.startMap();
    try {
      const [outline, points] = await asked;
      this.features = points;
      this.fillList();
      await styled;
      if (outline && this.map) showOutline(this.map, outline);
      this.show(points, outline?.features ?? []);
      this.dataset["ready"] = "true";
    } catch {
      this.fail();
    }
    const every = Number(this.dataset["every"] ?? 0);
    if (every > 0) this.timer = window.setInterval(() => void this.refresh(), Math.max(5, every) * 1000);
  }

  private async startMap(): Promise<void> {
    if (!canDraw()) {
      this.frame.textContent = say("mapNoWebgl");
      this.classList.add("is-listed");
      return;
    }
    const map = makeMap(this.frame, this.dataset["attribution"] ?? "");
    this.map = map;
    map.getCanvas().setAttribute("aria-label", this.dataset["label"] ?? "");
    await whenStyled(map);
    this.addLayers(map);
  }

  private async points(): Promise<MarkFeature[]> {
    const urls = (this.dataset["source"] ?? "").split(/\s+/).filter(Boolean);
    const found = await Promise.all(urls.map((url) => fetchGeoJson<Told>(url)));
    return found.flatMap(marksOf);
  }

  private async outline(): Promise<FeatureCollection | null> {
    const url = this.dataset["outline"];
    return url ? fetchGeoJson(url) : null;
  }

  /** Loads the points again; also called by pages after a filter changes data-source. */
  async refresh(): Promise<void> {
    if (document.hidden) return;
    try {
      this.show(await this.points(), null);
    } catch {
      this.classList.add("is-stale");
    }
  }

  private show(features: MarkFeature[], around: Feature[] | null): void {
    this.classList.remove("is-stale");
    const text = JSON.stringify(features);
    if (text === this.last) return;
    this.last = text;
    this.features = features;
    this.fillList();
    if (!this.map) return;
    const marks = features.map((feature) => ({ ...feature, properties: { ...feature.properties, tone: toneOf(feature.properties.tone) } }));
    (this.map.getSource("points") as GeoJSONSource).setData({ type: "FeatureCollection", features: marks });
    if (around !== null && this.dataset["fit"] !== "off") this.fit(features, around);
  }

  private fillList(): void {
    const list = this.querySelector<HTMLElement>(".map-list");
    if (list && !list.contains(document.activeElement)) fillList(list, this.features, (feature) => this.choose(feature, true));
  }

  private fit(features: Feature[], around: Feature[]): void {
    const area = own(around);
    const wanted = this.dataset["fit"] === "points" && features.length ? features : area.length < around.length ? area : [...around, ...features];
    const box = extent(wanted);
    if (isReal(box)) this.map?.fitBounds(box as Bounds, { padding: 28, maxZoom: 14.5, animate: false });
  }

  private addLayers(map: GlMap): void {
    addMarks(map);
    map.addSource("points", { type: "geojson", data: { type: "FeatureCollection", features: [] }, cluster: true, clusterRadius: 36, clusterMaxZoom: 12 });
    addClusters(map);
    map.addLayer({
      id: "points", type: "symbol", source: "points", filter: ["!", ["has", "point_count"]],
      layout: {
        "icon-image": ["concat", "tone-", ["get", "tone"]],
        "icon-allow-overlap": true,
        "icon-ignore-placement": true,
        "icon-size": ["interpolate", ["linear"], ["zoom"], 8, 0.6, 13, 1],
        "text-field": ["step", ["zoom"], "", 13, ["get", "title"]],
        "text-size": 12, "text-anchor": "top", "text-offset": [0, 0.9], "text-optional": true, "text-max-width": 14,
      },
      paint: { "text-color": colours().ink, "text-halo-color": colours().halo, "text-halo-width": 1.4 },
    });
    map.on("click", "points", (event) => {
      const hit = event.features?.[0];
      if (hit) this.choose({ type: "Feature", geometry: hit.geometry, properties: hit.properties } as MarkFeature, false);
    });
    map.on("mouseenter", "points", () => (map.getCanvas().style.cursor = "pointer"));
    map.on("mouseleave", "points", () => (map.getCanvas().style.cursor = ""));
    document.addEventListener("linli:theme", () => {
      if (this.map !== map) return;
      addMarks(map);
      recolourClusters(map);
      map.setPaintProperty("points", "text-color", colours().ink);
      map.setPaintProperty("points", "text-halo-color", colours().halo);
      this.fillList();
    });
  }

  private choose(feature: MarkFeature, move: boolean): void {
    const { title, text, tone, tone_label, url } = feature.properties;
    const parts: Node[] = [line("p", "map-card-title", title)];
    if (tone_label) parts.push(line("span", `state tone-${toneOf(tone)}`, tone_label));
    if (text) parts.push(line("p", "map-card-text", text));
    if (url) {
      const link = line("a", "btn btn-primary btn-sm", say("mapOpen")) as HTMLAnchorElement;
      link.href = url;
      parts.push(link);
    }
    const close = line("button", "btn btn-sm", say("close")) as HTMLButtonElement;
    close.type = "button";
    close.addEventListener("click", () => this.closeCard());
    parts.push(close);
    this.card.replaceChildren(...parts);
    this.card.setAttribute("aria-label", title);
    this.card.hidden = false;
    if (move) this.map?.easeTo({ center: feature.geometry.coordinates as [number, number], zoom: Math.max(this.map.getZoom(), 12.5), duration: 0 });
    this.opener = document.activeElement instanceof HTMLElement ? document.activeElement : null;
    this.card.focus();
  }

  private closeCard(): void {
    this.card.hidden = true;
    this.opener?.focus();
  }

  private fail(): void {
    const list = this.querySelector<HTMLElement>(".map-list");
    if (list) list.textContent = say("mapFailed");
    announce(say("mapFailed"));
    this.classList.add("is-stale");
  }
}

function line(tag: string, kind: string, text: string): HTMLElement {
  const made = document.createElement(tag);
  made.className = kind;
  made.textContent = text;
  return made;
}
