// Texts and addresses that the page hands to its scripts, as data attributes of two hidden elements.
export function say(key: string, values: Record<string, string | number> = {}): string {
  const text = read("linli-texts", key) ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => (name in values ? String(values[name]) : whole));
}

/** Where a script or file of ours is served, with the fingerprint that the server gave its name. */
export function address(name: string): string {
  const found = read("linli-assets", name);
  if (found === undefined) throw new Error(`the page names no file for ${name}`);
  return found;
}

export function language(): string {
  return document.documentElement.lang || "zh-Hans";
}

function read(id: string, key: string): string | undefined {
  return document.getElementById(id)?.dataset[key];
}
