// Builds the platform's screens: one module per need, one style sheet, one sprite of icons. Every file is served as it is,
// under a policy that allows no inline script, no inline style and no other host.
import { readFileSync, mkdirSync, rmSync, statSync, readdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { transform } from "lightningcss";
import postcss from "postcss";
import { build } from "vite";
import { ICONS } from "./icons.mjs";
import { licences } from "./licences.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const out = here("../src/linli/web/static/linli");
const LIMIT = 1024 * 1024;
const scripts = { platform: ["src/platform/main.ts", "es"], map: ["src/platform/map/main.ts", "es"], chart: ["src/platform/chart.ts", "es"], theme: ["src/platform/theme.ts", "iife"] };
/** Chrome and Edge 111, Firefox 113, Safari 16.4: `light-dark()` and nesting are written out for them. */
const targets = { chrome: 111 << 16, edge: 111 << 16, firefox: 113 << 16, safari: (16 << 16) | (4 << 8) };
/** Parts of the kit that no screen uses. */
const UNUSED = /^\.(carousel|ribbon|otp|signal|calendar|sparkline|apexcharts|ts-|tom-select|plyr|dropzone|noUi|jvm|litepicker|flag|payment|social|tox|fslightbox|markdown|hljs|chat|tracking|onboarding|offcanvas|navbar|theme-|switch-icon|timeline|stars|star-|progressbg|popover|tooltip|toast|legend|cookie|img-responsive|bg-(facebook|twitter|linkedin|google|youtube|vimeo|dribbble|github|instagram|pinterest|vk|rss|flickr|bitbucket|tabler|x)|(text|btn|border|badge)-(facebook|twitter|linkedin|google|youtube|vimeo|dribbble|github|instagram|pinterest|vk|rss|flickr|bitbucket|tabler))/;
const FIELDS = {
  "form-control": ".field-control > :is(input:not([type=checkbox], [type=radio]), textarea)",
  "form-select": ".field-control > select",
  "form-check-input": ":is(.field-control, .field-check) input:is([type=checkbox], [type=radio])",
};
/** Kinds of layer that no map here draws; their shaders would push the file over the limit. */
const UNDRAWN = ["colorRelief", "collisionBox", "collisionCircle", "debug", "fillExtrusion", "fillExtrusionPattern", "fillOutlinePattern", "fillPattern", "hillshade", "hillshadePrepare", "lineGradient", "lineGradientSDF", "linePattern", "raster", "terrain", "terrainDepth", "terrainHeight"];

const withoutUndrawn = {
  name: "without-undrawn",
  transform(code, id) {
    if (!id.endsWith("maplibre-gl-dev.mjs")) return null;
    return UNDRAWN.reduce((text, name) => {
      const shader = new RegExp(`^\\t${name}: prepare\\(.*\\)`, "m");
      if (!shader.test(text)) throw new Error(`the map engine has no shader ${name}`);
      return text.replace(shader, `\t${name}: prepare("uniform float u_none;", "uniform float u_none;")`);
    }, code);
  },
};

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
for (const [name, [entry, format]] of Object.entries(scripts)) await script(name, here(entry), format);
await script("map-worker", here("node_modules/maplibre-gl/dist/maplibre-gl-worker-dev.mjs"), "es");
write("htmx.js", readFileSync(here("node_modules/htmx.org/dist/htmx.min.js"), "utf8").replace(/\n?\/\/# sourceMappingURL=.*/, ""));
write("platform.css", style([kit(), read("styles/platform.css"), read("styles/platform-parts.css"), read("styles/platform-map.css")].join("\n")));
write("map.css", style(read("node_modules/maplibre-gl/dist/maplibre-gl.css")));
write("icons.svg", sprite());
write("icon.svg", read("styles/icon.svg"));
write("LICENCES.txt", licences(["@tabler/core", "@tabler/icons", "htmx.org", "maplibre-gl", "echarts", "zrender"]));
for (const file of readdirSync(out)) {
  if (statSync(`${out}/${file}`).size >= LIMIT) throw new Error(`${file} is not under 1 MiB`);
}

async function script(name, entry, format) {
  await build({
    configFile: false,
    logLevel: "warn",
    plugins: [withoutUndrawn],
    resolve: { alias: { "maplibre-gl": here("node_modules/maplibre-gl/dist/maplibre-gl-dev.mjs") } },
    define: { "process.env.NODE_ENV": '"production"' },
    build: {
      outDir: out,
      emptyOutDir: false,
      copyPublicDir: false,
      target: "es2022",
      minify: true,
      chunkSizeWarningLimit: 1100,
      rollupOptions: { input: entry, preserveEntrySignatures: "allow-extension", output: { format, entryFileNames: `${name}.js`, codeSplitting: false } },
    },
  });
}

function read(path) {
  return readFileSync(here(path), "utf8");
}

function write(name, text) {
  writeFileSync(`${out}/${name}`, text);
}

function style(text) {
  const { code } = transform({ filename: "platform.css", code: Buffer.from(text), minify: true, targets, errorRecovery: true });
  const made = code.toString();
  for (const found of made.match(/@import|url\((?!["']?data:)[^)]*/g) ?? []) throw new Error(`the style sheet points elsewhere: ${found}`);
  return made;
}

/** The kit's style sheet without what no screen uses. */
function kit() {
  const root = postcss.parse(read("node_modules/@tabler/core/dist/css/tabler.css"));
  root.walkRules((rule) => {
    if (/keyframes/.test(rule.parent.name ?? "")) return;
    const kept = rule.selectors.filter((selector) => !UNUSED.test(selector.trim()));
    if (kept.length === 0) rule.remove();
    else rule.selectors = [...kept, ...kept.flatMap(forFields)];
  });
  root.walkComments((comment) => {
    if (!comment.text.startsWith("!")) comment.remove();
  });
  return root.toString().replace(/\/\*# sourceMappingURL=.*?\*\//g, "");
}

/** Form controls take the kit's look from where they stand, so that forms need no classes in Python. */
function forFields(selector) {
  return Object.entries(FIELDS).flatMap(([kind, plain]) => {
    const name = new RegExp(`^\\.${kind}(?![\\w-])`);
    return name.test(selector) ? [selector.replace(name, plain)] : [];
  });
}

function sprite() {
  const symbols = ICONS.map((name) => {
    const svg = read(`node_modules/@tabler/icons/icons/outline/${name}.svg`);
    const inner = svg.replace(/[\s\S]*?<svg[^>]*>/, "").replace("</svg>", "").replace(/<path stroke="none"[^>]*>/, "");
    return `<symbol id="${name}" viewBox="0 0 24 24">${inner.replace(/\s*\n\s*/g, "")}</symbol>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join("\n")}\n</svg>\n`;
}
