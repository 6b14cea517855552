// Times said as people say them, and clocks that run down while one looks.
import { language, say } from "./texts";

const MINUTE = 60_000;
const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [["day", 24 * 60 * MINUTE], ["hour", 60 * MINUTE], ["minute", MINUTE]];

export function setUpTimes(): void {
  showTimes(document);
  setInterval(() => {
    if (!document.hidden) showTimes(document);
  }, 15_000);
  document.addEventListener("visibilitychange", () => showTimes(document));
  const wall = document.querySelector<HTMLElement>("[data-wall-clock]");
  if (wall) showWallClock(wall);
}

function showWallClock(wall: HTMLElement): void {
  const format = new Intl.DateTimeFormat(language(), { month: "long", day: "numeric", weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23", ...(wall.dataset["zone"] ? { timeZone: wall.dataset["zone"] } : {}) });
  const show = (): void => set(wall, format.format(new Date()));
  show();
  setInterval(show, 1000);
}

export function showTimes(root: ParentNode): void {
  const now = Date.now();
  for (const time of root.querySelectorAll<HTMLTimeElement>("time[data-relative]")) showRelative(time, now);
  for (const time of root.querySelectorAll<HTMLTimeElement>("time[data-countdown]")) showCountdown(time, now);
}

function showRelative(time: HTMLTimeElement, now: number): void {
  const at = Date.parse(time.dateTime);
  if (Number.isNaN(at)) return;
  time.title ||= time.textContent?.trim() ?? "";
  const distance = at - now;
  if (Math.abs(distance) > 30 * STEPS[0]![1]) return void (time.textContent = time.title);
  const [unit, size] = STEPS.find(([, length]) => Math.abs(distance) >= length) ?? ["minute", MINUTE];
  const count = Math.trunc(distance / size);
  set(time, new Intl.RelativeTimeFormat(language(), { numeric: "auto" }).format(count, unit));
}

/** Remaining or elapsed time beside a due date; the date itself is in the page. */
function showCountdown(time: HTMLTimeElement, now: number): void {
  const due = Date.parse(time.dateTime);
  if (Number.isNaN(due)) return;
  const late = due < now;
  set(time, say(late ? "clockLate" : "clockLeft", { time: span(Math.abs(due - now)) }));
  const clock = time.closest<HTMLElement>(".clock");
  if (!clock) return;
  const soon = Number(time.dataset["soonMinutes"] ?? 240) * MINUTE;
  clock.dataset["state"] = late ? "late" : due - now < soon ? "soon" : "running";
}

function span(milliseconds: number): string {
  const minutes = Math.floor(milliseconds / MINUTE);
  const parts: [number, string][] = [[Math.floor(minutes / 1440), "day"], [Math.floor(minutes / 60) % 24, "hour"], [minutes % 60, "minute"]];
  const first = parts.findIndex(([count]) => count > 0);
  if (first < 0) return unit(0, "minute");
  return parts.slice(first, first + 2).filter(([count], i) => i === 0 || count > 0).map(([count, name]) => unit(count, name)).join(say("listGap"));
}

function unit(count: number, name: string): string {
  return new Intl.NumberFormat(language(), { style: "unit", unit: name, unitDisplay: "long" }).format(count);
}

function set(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
