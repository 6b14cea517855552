// Turns the payload's grid outlines back into GeoJSON.
import type { Feature, FeatureCollection, Polygon, MultiPolygon, Position } from "geojson";
import type { Payload, Rings } from "./payload";

export function outlines(payload: Payload, which: "beats" | "stations"): FeatureCollection<MultiPolygon> {
  const features = payload.outlines[which].map(
    (rings, id): Feature<MultiPolygon> => ({
      type: "Feature",
      id,
      properties: { id },
      geometry: { type: "MultiPolygon", coordinates: decode(payload, rings) },
    }),
  );
  return { type: "FeatureCollection", features };
}

function decode(payload: Payload, rings: Rings): MultiPolygon["coordinates"] {
  return rings.map((polygon): Polygon["coordinates"] => polygon.map((ring) => unfold(payload, ring)));
}

function unfold({ outlines: { origin, step } }: Payload, differences: number[]): Position[] {
  const ring: Position[] = [];
  let [x, y] = [0, 0];
  for (let i = 0; i + 1 < differences.length; i += 2) {
    x += differences[i]!;
    y += differences[i + 1]!;
    ring.push([origin[0] + x * step, origin[1] + y * step]);
  }
  if (ring[0]) ring.push(ring[0]);
  return ring;
}

export function extent(payload: Payload, beat: number): [number, number, number, number] {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const polygon of decode(payload, payload.outlines.beats[beat] ?? [])) {
    for (const [x, y] of polygon[0] ?? []) {
      west = Math.min(west, x!);
      east = Math.max(east, x!);
      south = Math.min(south, y!);
      north = Math.max(north, y!);
    }
  }
  return [west, south, east, north];
}
