// The list beside the map: the same points for the keyboard, a screen reader, and a browser that draws no map.
import { legendMark, toneOf } from "./marks";
import type { MarkFeature } from "./types";
import { say } from "../texts";

const SHOWN = 100;

export function fillList(box: HTMLElement, features: MarkFeature[], choose: (feature: MarkFeature) => void): void {
  const list = document.createElement("ul");
  list.className = "map-list-items";
  for (const feature of features.slice(0, SHOWN)) list.append(item(feature, choose));
  const count = document.createElement("p");
  count.className = "map-list-count";
  const more = features.length > SHOWN;
  count.textContent = features.length === 0 ? say("mapNone") : say(more ? "mapCountFirst" : "mapCount", { count: features.length, shown: SHOWN });
  box.replaceChildren(count, list);
}

function item(feature: MarkFeature, choose: (feature: MarkFeature) => void): HTMLLIElement {
  const { title, text, tone, tone_label } = feature.properties;
  const made = document.createElement("li");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "map-list-item";
  const words = document.createElement("span");
  const heading = document.createElement("span");
  heading.className = "map-list-title";
  heading.textContent = title;
  const detail = document.createElement("span");
  detail.className = "map-list-text";
  detail.textContent = [tone_label, text].filter(Boolean).join(" · ");
  words.append(heading, detail);
  button.append(legendMark(toneOf(tone)), words);
  button.addEventListener("click", () => choose(feature));
  made.append(button);
  return made;
}
