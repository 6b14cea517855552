// Points that lie too close to be told apart are one circle with their number; it opens when it is pressed.
import { colours } from "./engine";
import type { GeoJSONSource, Map as GlMap } from "maplibre-gl";

const LAYERS = { ring: "clusters", number: "cluster-numbers" };

/** Adds the circles of the source `points`, which was made with `cluster`. */
export function addClusters(map: GlMap): void {
  const c = colours();
  const filter = ["has", "point_count"] as ["has", string];
  map.addLayer({
    id: LAYERS.ring, type: "circle", source: "points", filter,
    paint: { "circle-radius": ["step", ["get", "point_count"], 13, 10, 16, 100, 20], "circle-color": c.halo, "circle-stroke-color": c.ink, "circle-stroke-width": 2 },
  });
  map.addLayer({
    id: LAYERS.number, type: "symbol", source: "points", filter,
    layout: { "text-field": ["to-string", ["get", "point_count"]], "text-size": 12, "text-allow-overlap": true },
    paint: { "text-color": c.ink },
  });
  map.on("click", LAYERS.ring, (event) => {
    const hit = event.features?.[0];
    if (hit?.geometry.type !== "Point") return;
    const center = hit.geometry.coordinates as [number, number];
    const source = map.getSource("points") as GeoJSONSource;
    void source.getClusterExpansionZoom(hit.properties["cluster_id"] as number).then((zoom) => map.easeTo({ center, zoom, duration: 0 }));
  });
  map.on("mouseenter", LAYERS.ring, () => (map.getCanvas().style.cursor = "pointer"));
  map.on("mouseleave", LAYERS.ring, () => (map.getCanvas().style.cursor = ""));
}

export function recolourClusters(map: GlMap): void {
  const c = colours();
  map.setPaintProperty(LAYERS.ring, "circle-color", c.halo);
  map.setPaintProperty(LAYERS.ring, "circle-stroke-color", c.ink);
  map.setPaintProperty(LAYERS.number, "text-color", c.ink);
}
