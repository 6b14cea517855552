// Builds each script as one classic file: the report inlines them into a page that has no server.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { licences } from "./licences.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const out = here("../src/linli/report/static");
const scripts = {
  "map-engine": "src/engines/map.ts",
  "chart-engine": "src/engines/charts.ts",
  "map-worker": "node_modules/maplibre-gl/dist/maplibre-gl-worker-dev.mjs",
  plan: "src/plan/main.ts",
  compare: "src/compare/main.ts",
};
const packages = ["maplibre-gl", "echarts", "zrender"];

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
for (const [name, entry] of Object.entries(scripts)) {
  await build({
    configFile: false,
    logLevel: "warn",
    // The unminified build can be shaken: it leaves out controls and readers that the report does not use.
    resolve: { alias: { "maplibre-gl": here("node_modules/maplibre-gl/dist/maplibre-gl-dev.mjs") } },
    define: { "process.env.NODE_ENV": '"production"', "import.meta": "{}" },
    build: {
      outDir: out,
      emptyOutDir: false,
      target: "es2022",
      minify: true,
      lib: { entry: here(entry), formats: ["iife"], name: "linli", fileName: () => `${name}.js` },
    },
  });
}
split("map-engine");
writeFileSync(`${out}/map.css`, readFileSync(here("node_modules/maplibre-gl/dist/maplibre-gl.css")));
for (const name of ["page", "compare"]) writeFileSync(`${out}/${name}.css`, readFileSync(here(`styles/${name}.css`)));
writeFileSync(`${out}/LICENCES.txt`, licences(packages));

/** Cuts a long script in two files under 1 MiB each, which the report puts together again. */
function split(name) {
  const text = readFileSync(`${out}/${name}.js`, "utf8");
  const half = Math.ceil(text.length / 2);
  writeFileSync(`${out}/${name}.1.part`, text.slice(0, half));
  writeFileSync(`${out}/${name}.2.part`, text.slice(half));
  rmSync(`${out}/${name}.js`);
}
