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

export type Marks = FeatureCollection<Point, Mark>;
export type MarkFeature = Feature<Point, Mark>;
