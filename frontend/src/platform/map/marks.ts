// Marks of points: a colour and a shape for each tone, so that nobody needs the colour.
import type { Map as GlMap } from "maplibre-gl";

type Shape = "circle" | "square" | "diamond" | "triangle" | "ring" | "frame" | "hexagon";
export const TONES = ["neutral", "info", "progress", "good", "warning", "danger", "private"] as const;
const SHAPES: Record<string, Shape> = { neutral: "circle", info: "square", progress: "hexagon", good: "ring", warning: "triangle", danger: "diamond", private: "frame" };
const SIZE = 56;

/** The tone, or the plain one where a point names none that is known. */
export function toneOf(tone: string | undefined): string {
  return tone !== undefined && tone in SHAPES ? tone : "neutral";
}

export function toneColour(tone: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--linli-tone-${tone}`).trim();
}

export function addMarks(map: GlMap): void {
  for (const tone of TONES) {
    const image = draw(tone);
    if (map.hasImage(`tone-${tone}`)) map.updateImage(`tone-${tone}`, image);
    else map.addImage(`tone-${tone}`, image, { pixelRatio: 2 });
  }
}

/** The same mark for the list beside the map. */
export function legendMark(tone: string): HTMLElement {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIZE;
  canvas.className = "map-mark";
  canvas.setAttribute("aria-hidden", "true");
  canvas.getContext("2d")?.putImageData(draw(tone), 0, 0);
  return canvas;
}

function draw(tone: string): ImageData {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIZE;
  const pen = canvas.getContext("2d", { willReadFrequently: true })!;
  pen.translate(SIZE / 2, SIZE / 2);
  trace(pen, SHAPES[tone] ?? "circle", 19);
  pen.lineJoin = "round";
  pen.lineWidth = 10;
  pen.strokeStyle = "#ffffff";
  pen.stroke();
  pen.lineWidth = 5;
  pen.strokeStyle = toneColour(tone);
  pen.fillStyle = ["ring", "frame"].includes(SHAPES[tone] ?? "") ? "#ffffff" : toneColour(tone);
  pen.fill();
  pen.stroke();
  return pen.getImageData(0, 0, SIZE, SIZE);
}

function trace(pen: CanvasRenderingContext2D, shape: Shape, r: number): void {
  pen.beginPath();
  if (shape === "circle" || shape === "ring") pen.arc(0, 0, r * 0.85, 0, 2 * Math.PI);
  else if (shape === "square" || shape === "frame") pen.rect(-r * 0.78, -r * 0.78, r * 1.56, r * 1.56);
  else {
    const [corners, turn] = shape === "triangle" ? [3, -Math.PI / 2] : shape === "diamond" ? [4, 0] : [6, 0];
    for (let i = 0; i < corners; i += 1) {
      const angle = turn + (i * 2 * Math.PI) / corners;
      pen.lineTo(r * Math.cos(angle), r * Math.sin(angle));
    }
    pen.closePath();
  }
}
