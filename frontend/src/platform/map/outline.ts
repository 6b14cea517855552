// The beats under the points: their borders, and a name in the middle of each.
import type { Feature, FeatureCollection, Geometry, Position } from "geojson";
import type { GeoJSONSource, Map as GlMap } from "maplibre-gl";

export type Bounds = [west: number, south: number, east: number, north: number];

export async function fetchGeoJson<T extends FeatureCollection>(url: string): Promise<T> {
  const answer = await fetch(url, { headers: { Accept: "application/geo+json, application/json" } });
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return (await answer.json()) as T;
}

export function showOutline(map: GlMap, outline: FeatureCollection): void {
  (map.getSource("outline") as GeoJSONSource).setData(outline);
  const named = outline.features.filter((feature) => feature.properties?.["name"]);
  (map.getSource("names") as GeoJSONSource).setData({ type: "FeatureCollection", features: named.map(centre) });
}

function centre(feature: Feature): Feature {
  const [west, south, east, north] = extent([feature]);
  const given = feature.properties?.["centre"] as Position | undefined;
  const coordinates = given ?? [(west + east) / 2, (south + north) / 2];
  return { type: "Feature", properties: { name: feature.properties?.["name"] as string }, geometry: { type: "Point", coordinates } };
}

export function extent(features: Feature[]): Bounds {
  const box: Bounds = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { geometry } of features) widen(box, geometry);
  return box;
}

function widen(box: Bounds, geometry: Geometry | null): void {
  if (geometry === null) return;
  if (geometry.type === "GeometryCollection") return geometry.geometries.forEach((inner) => widen(box, inner));
  const visit = (coordinates: unknown): void => {
    if (!Array.isArray(coordinates)) return;
    if (typeof coordinates[0] !== "number") return coordinates.forEach(visit);
    const [x, y] = coordinates as [number, number];
    box[0] = Math.min(box[0], x);
    box[1] = Math.min(box[1], y);
    box[2] = Math.max(box[2], x);
    box[3] = Math.max(box[3], y);
  };
  visit(geometry.coordinates);
}

/** What a map opens on: one's own area where the server says which it is, else all of it. */
export function own(features: Feature[]): Feature[] {
  const mine = features.filter((feature) => feature.properties?.["own"] === true);
  return mine.length ? mine : features;
}

export function isReal(box: Bounds): boolean {
  return box[0] <= box[2];
}
