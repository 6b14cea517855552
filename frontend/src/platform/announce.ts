// Says something to users of screen readers, without moving anything on the screen.
export function announce(text: string): void {
  const region = document.getElementById("linli-announcer");
  if (region === null || text === "") return;
  region.textContent = "";
  setTimeout(() => (region.textContent = text), 50);
}
