// The form of the data that the page carries; written by linli.report.payload.
export type Language = "zh" | "en";

export interface Pair {
  zh: string;
  en: string;
}

export interface Column {
  key: string;
  header: Pair;
  kind: "text" | "word" | "sentence" | "int" | "real" | "date" | "clause";
  basis: string | null;
  digits: number;
  texts?: Pair[];
  values: (string | number | null)[];
}

export interface TableData {
  id: string;
  title: Pair;
  total: number;
  length: number;
  columns: Column[];
}

export interface Layer {
  id: string;
  title: Pair;
  classes: { colour: string; label: Pair }[];
  index: number[];
}

/** Beat, clause, number of the role, number of the scope, required, on hand, gap, formula. */
export type Need = [number, string, number, number, number, number | null, number | null, Pair | null];

export interface Outcome {
  id: string;
  label: Pair;
  count: number;
}

export type Rings = number[][][];

export interface Payload {
  language: Language;
  words: Record<string, Pair>;
  bounds: [number, number, number, number];
  layers: Layer[];
  /** Ways to colour the map that this plan has no values for. */
  absent: Pair[];
  tables: Record<"stations" | "beats" | "posts" | "roles" | "hiring" | "places", TableData>;
  outlines: { origin: [number, number]; step: number; beats: Rings[]; stations: Rings[] };
  beats: { station: number[]; centre: string[]; posts: number[][] };
  posts: { kind: string[]; existing: number[]; name: string[]; position: [number, number][] };
  places: { name: string[]; position: [number, number][]; beat: number[] };
  roles: Pair[];
  scopes: Pair[];
  needs: Need[];
  clauses: Record<string, { title: Pair; kind: Pair; status: string }>;
  /** Outcomes of the checks that judge the plan. */
  statuses: Outcome[];
  /** Outcomes of published figures worked out again, which judge their source. */
  figures: Outcome[];
  tolerance: number;
}

export function readPayload<T>(id: string): T {
  return JSON.parse(document.getElementById(id)?.textContent ?? "{}") as T;
}
