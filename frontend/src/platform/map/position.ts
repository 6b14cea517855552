// <linli-position>: a position picked on the map, or by keyboard, and written into two inputs that stay in view.
import { canDraw, makeMap, whenStyled } from "./engine";
import { addMarks } from "./marks";
import { extent, fetchGeoJson, isReal, own, showOutline } from "./outline";
import { announce } from "../announce";
import { say } from "../texts";
import type { GeoJSONSource, LngLat, Map as GlMap } from "maplibre-gl";

const DIGITS = 6;

export class PositionElement extends HTMLElement {
  private map: GlMap | null = null;

  connectedCallback(): void {
    if (this.map === null && canDraw()) void this.start();
    else if (this.map === null) this.classList.add("is-plain");
  }

  disconnectedCallback(): void {
    this.map?.remove();
    this.map = null;
  }

  private async start(): Promise<void> {
    const frame = document.createElement("div");
    frame.className = "map-frame";
    const place = this.querySelector(".map-canvas") ?? this.appendChild(document.createElement("div"));
    place.replaceChildren(frame, cross());
    const map = makeMap(frame, this.dataset["attribution"] ?? "");
    this.map = map;
    map.getCanvas().setAttribute("aria-label", say("positionHelp"));
    await whenStyled(map);
    addMarks(map);
    map.addSource("position", { type: "geojson", data: { type: "FeatureCollection", features: [] } });
    map.addLayer({ id: "position", type: "symbol", source: "position", layout: { "icon-image": "tone-danger", "icon-allow-overlap": true } });
    await this.ground(map);
    map.on("click", (event) => this.take(event.lngLat));
    map.getCanvas().addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      this.take(map.getCenter());
    });
    for (const input of this.inputs()) input?.addEventListener("change", () => this.draw(true));
    this.draw(true);
    this.dataset["ready"] = "true";
  }

  private async ground(map: GlMap): Promise<void> {
    if (!this.dataset["outline"]) return;
    try {
      const outline = await fetchGeoJson(this.dataset["outline"]);
      showOutline(map, outline);
      const box = extent(own(outline.features));
      if (isReal(box)) map.fitBounds(box, { padding: 20, animate: false });
    } catch {
      announce(say("mapFailed"));
    }
  }

  private inputs(): [HTMLInputElement | null, HTMLInputElement | null] {
    const find = (part: string): HTMLInputElement | null => document.getElementById(this.dataset[part] ?? "") as HTMLInputElement | null;
    return [find("longitudeField"), find("latitudeField")];
  }

  private take(at: LngLat): void {
    const [longitude, latitude] = this.inputs();
    if (!longitude || !latitude) return;
    longitude.value = at.lng.toFixed(DIGITS);
    latitude.value = at.lat.toFixed(DIGITS);
    for (const input of [longitude, latitude]) input.dispatchEvent(new Event("input", { bubbles: true }));
    this.draw(false);
    announce(say("positionTaken", { longitude: longitude.value, latitude: latitude.value }));
  }

  private draw(follow: boolean): void {
    const [x, y] = this.inputs().map((input) => Number.parseFloat(input?.value ?? "")) as [number, number];
    const known = Number.isFinite(x) && Number.isFinite(y) && Math.abs(x) <= 180 && Math.abs(y) <= 90;
    const features = known ? [{ type: "Feature" as const, properties: {}, geometry: { type: "Point" as const, coordinates: [x, y] } }] : [];
    (this.map?.getSource("position") as GeoJSONSource | undefined)?.setData({ type: "FeatureCollection", features });
    if (known && follow) this.map?.jumpTo({ center: [x, y], zoom: Math.max(this.map.getZoom(), 14) });
  }
}

function cross(): HTMLElement {
  const made = document.createElement("div");
  made.className = "map-cross";
  made.setAttribute("aria-hidden", "true");
  return made;
}
