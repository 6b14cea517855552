// The licences of what is built into the served files, read from the packages themselves.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

export function licences(packages) {
  const lock = JSON.parse(readFileSync(here("package-lock.json"), "utf8")).packages;
  const wanted = new Set(packages.flatMap((name) => closure(lock, name)));
  return [...wanted].sort().map((name) => entryOf(lock, name)).join("\n\n");
}

function closure(lock, name, seen = new Set()) {
  if (seen.has(name) || !lock[`node_modules/${name}`]) return [...seen];
  seen.add(name);
  for (const inner of Object.keys(lock[`node_modules/${name}`].dependencies ?? {})) closure(lock, inner, seen);
  return [...seen];
}

function entryOf(lock, name) {
  const { version, license } = lock[`node_modules/${name}`];
  const texts = ["LICENSE", "LICENSE.txt", "LICENSE.md", "LICENCE", "NOTICE"].flatMap((file) => {
    try {
      return [readFileSync(here(`node_modules/${name}/${file}`), "utf8").trim()];
    } catch {
      return [];
    }
  });
  return [`==== ${name} ${version} (${license ?? "see text"})`, ...texts].join("\n\n");
}
