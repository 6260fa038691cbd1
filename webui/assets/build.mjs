/* Bundles what pages load into ../static/build, or into the folder given as first argument.

   Every file gets a name with its content's hash, so that it may be cached for ever, and manifest.json
   says which file a plain name now means: {"casepath.js": "casepath-3F2A….js", …}. Code that several
   pages need (the BPMN viewer) becomes a shared chunk that is loaded once. The folder is put in place by
   one rename at the end, so that a page never sees half a build. */

import { build } from "esbuild";
import { mkdtemp, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createHash } from "node:crypto";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const target = resolve(process.argv[2] ?? join(here, "../static/build"));

const scripts = ["casepath", "form", "trace", "studio"];
const styles = ["casepath", "form", "trace", "studio"];

const options = {
  absWorkingDir: here,
  entryPoints: [
    ...scripts.map((name) => ({ in: `js/${name}.js`, out: name })),
    ...styles.map((name) => ({ in: `css/${name}.css`, out: `${name}-style` })),
  ],
  bundle: true,
  splitting: true,
  minify: true,
  format: "esm",
  target: ["chrome123", "firefox125", "safari17.5"], // the first that know light-dark() and popover
  entryNames: "[name]-[hash]",
  chunkNames: "part-[hash]",
  assetNames: "[name]-[hash]",
  legalComments: "linked",
  metafile: true,
  logLevel: "warning",
  // The icon font comes in five formats; every browser of `target` reads woff2.
  loader: { ".woff2": "file", ".woff": "empty", ".ttf": "empty", ".eot": "empty", ".svg": "file" },
  define: { "process.env.NODE_ENV": '"production"' },
};

async function main() {
  await mkdir(dirname(target), { recursive: true });
  const fresh = await mkdtemp(join(dirname(target), ".build-"));
  try {
    const result = await build({ ...options, outdir: fresh });
    const manifest = { ...namesOf(result.metafile, fresh), "icon.svg": await copyIcon(fresh) };
    await writeFile(join(fresh, "manifest.json"), JSON.stringify(manifest, null, 2) + "\n");
    await rm(target, { recursive: true, force: true });
    await rename(fresh, target);
  } catch (error) {
    await rm(fresh, { recursive: true, force: true });
    throw error;
  }
}

function namesOf(metafile, folder) {
  const names = {};
  for (const [path, output] of Object.entries(metafile.outputs)) {
    const entry = output.entryPoint?.match(/^(?:js|css)\/(\w+)\.(js|css)$/);
    if (entry) names[`${entry[1]}.${entry[2]}`] = relative(folder, resolve(here, path));
  }
  return names;
}

async function copyIcon(folder) {
  const icon = await readFile(join(here, "icon.svg"));
  const hash = createHash("sha256").update(icon).digest("hex").slice(0, 8).toUpperCase();
  const name = `icon-${hash}.svg`;
  await writeFile(join(folder, name), icon);
  return name;
}

await main();
