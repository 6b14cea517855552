// The platform's script, on every page. Everything works without it except what must be live.
import { AddressElement } from "./address";
import { setUpCopying } from "./copying";
import { setUpDialogs } from "./dialogs";
import { settleDrafts, setUpDrafts } from "./drafts";
import { prepare, setUpForms } from "./forms";
import { loadIslands } from "./islands";
import { LiveElement } from "./live";
import { setUpNavigation } from "./navigation";
import { setUpShortcuts } from "./shortcuts";
import { setUpSmall } from "./small";
import { setUpTimes, showTimes } from "./times";

setUpDrafts();
settleDrafts();
setUpDialogs();
setUpNavigation();
setUpForms();
setUpShortcuts();
setUpTimes();
setUpCopying();
setUpSmall();
customElements.define("linli-address", AddressElement);
customElements.define("linli-live", LiveElement);
loadIslands(document);

/** Takes up parts of the page that have just come from the server. */
function arrived(): void {
  settleDrafts();
  prepare(document);
  showTimes(document);
  loadIslands(document);
}
for (const moment of ["htmx:after:swap", "htmx:after:settle"]) document.addEventListener(moment, arrived);
document.addEventListener("linli:swapped", (event) => {
  (globalThis as { htmx?: { process(element: Element): void } }).htmx?.process(event.target as Element);
  arrived();
});
