// The plan's page, put together.
import type { ChartEngine } from "../engines/charts";
import type { MapEngine } from "../engines/map";
import { Card } from "./card";
import { setUpCharts } from "./charts";
import { byId } from "./elements";
import { onLanguage, say, setUpLanguage } from "./language";
import { PlanMap } from "./map";
import { type Payload, readPayload } from "./payload";
import { TableView } from "./tables";
import { setUpTheme } from "./theme";
import { setUpWhy } from "./why";

const engines = globalThis as unknown as { linliMapEngine?: MapEngine; linliChartEngine?: ChartEngine };

/** Columns of beats that the card shows and the table has no room for. */
const IN_CARD = ["households", "incidents", "premises", "target"];

function start(): void {
  const payload = readPayload<Payload>("plan-data");
  document.documentElement.classList.add("scripted");
  setUpLanguage(payload.language, payload.words);
  setUpTheme();
  setUpWhy(payload.clauses);
  const card = new Card(payload);
  const map = drawMap(payload, (beat) => card.show(beat));
  const show = (beat: number): void => {
    card.show(beat);
    map?.show(beat);
    byId("map").scrollIntoView({ block: "start" });
    byId("card").focus({ preventScroll: true });
  };
  drawTables(payload, show);
  if (engines.linliChartEngine) setUpCharts(engines.linliChartEngine, payload);
}

function drawMap(payload: Payload, select: (beat: number) => void): PlanMap | null {
  if (!engines.linliMapEngine || !hasWebGl()) return explainStaticMap();
  // The frame must be on the page before the map is made, or the map fits a frame of another size.
  document.documentElement.classList.add("live-map");
  try {
    return new PlanMap(engines.linliMapEngine, payload, select);
  } catch {
    document.documentElement.classList.remove("live-map");
    return explainStaticMap();
  }
}

function explainStaticMap(): null {
  const note = byId("map-static-note");
  const tell = (): void => {
    note.textContent = say("map.static");
  };
  onLanguage(tell);
  tell();
  return null;
}

function hasWebGl(): boolean {
  return document.createElement("canvas").getContext("webgl2") !== null;
}

function drawTables({ tables }: Payload, show: (beat: number) => void): void {
  const bare = new Set<string>();
  new TableView(tables.stations, bare, null);
  const beats = empty(tables.beats.columns, ["remark", "area", "load_percent", "target"]);
  for (const key of IN_CARD) beats.add(key);
  new TableView(tables.beats, beats, show);
  new TableView(tables.posts, new Set(["longitude", "latitude"]), null);
  new TableView(tables.roles, bare, null);
  new TableView(tables.hiring, bare, null);
  new TableView(tables.places, empty(tables.places.columns, ["households", "incidents", "premises", "area"]), null);
}

/** Columns that hold nothing at all are left out; the workbook keeps them. */
function empty(columns: { key: string; values: (string | number | null)[] }[], keys: string[]): Set<string> {
  const without = columns.filter(({ key, values }) => keys.includes(key) && values.every((v) => v === null || v === -1));
  return new Set(without.map(({ key }) => key));
}

start();
