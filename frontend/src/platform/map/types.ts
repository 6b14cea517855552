// What the platform's map endpoints answer with.
import type { Feature, FeatureCollection, Point } from "geojson";

/** A point: what it is called, how it stands, and where one reads more. */
export interface Mark {
  title: string;
  text?: string;
  /** One of the tones of badges. */
  tone?: string;
  /** The tone in words, since colour alone says nothing to some. */
  tone_label?: string;
  url?: string;
}

/** What an endpoint may answer: addresses and cases say `label` and `detail`. */
export type Told = FeatureCollection<Point, Partial<Mark> & { label?: string; detail?: string }>;
export type MarkFeature = Feature<Point, Mark>;

export function marksOf(told: Told): MarkFeature[] {
  return told.features.map((feature) => {
    const { label, detail, ...properties } = feature.properties;
    const text = properties.text ?? detail;
    return { ...feature, properties: { ...properties, title: properties.title ?? label ?? "—", ...(text === undefined ? {} : { text }) } };
  });
}
