// The script of pages with a map.
import { MapElement } from "./map";
import { PositionElement } from "./position";

customElements.define("linli-map", MapElement);
customElements.define("linli-position", PositionElement);
