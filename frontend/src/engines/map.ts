// MapLibre GL as one classic script: the page has no server to load modules from.
import { AttributionControl, Map, NavigationControl, ScaleControl, setWorkerUrl } from "maplibre-gl";

const engine = { AttributionControl, Map, NavigationControl, ScaleControl, setWorkerUrl };
export type MapEngine = typeof engine;
(globalThis as unknown as { linliMapEngine: MapEngine }).linliMapEngine = engine;
