/* Bundles what pages load into ../static/build, or into the folder given as first argument.

   Every file gets a name with its content's hash, so that it may be cached for ever, and manifest.json
   says which file a plain name now means: {"casepath.js": "casepath-3F2A….js", …}. LICENSES.txt holds the
   licence of every package whose code went in. Code that several
   pages need (the BPMN viewer) becomes a shared chunk that is loaded once. The folder is put in place by
   one rename at the end, so that a page never sees half a build. */

import { build } from "esbuild";
import { chmod, mkdir, mkdtemp, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
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
  // The icon font comes embedded and again in four formats of files that no browser of `target` asks for.
  loader: { ".woff2": "empty", ".woff": "empty", ".ttf": "empty", ".eot": "empty", ".svg": "empty" },
  define: { "process.env.NODE_ENV": '"production"' },
  plugins: [{ name: "dates-as-written-everywhere", setup: writeDatesByIso }],
};

/** Lets form-js show and read dates as year-month-day, as mails, lists and forms without a script do.

    It asks the browser's own language, which no option changes: with an English browser, 3 April and 4 March would look alike. */
function writeDatesByIso({ onLoad }) {
  onLoad({ filter: /form-js-viewer[\\/]dist[\\/]index\.es\.js$/ }, async ({ path }) => {
    const source = await readFile(path, "utf8");
    const asked = "function getLocaleDateFormat(locale = 'default') {";
    if (!source.includes(asked)) throw new Error(`Expected ${path} to have “${asked}”, but it is another version.`);
    return { contents: source.replace(asked, asked.replace("default", "sv-SE")), loader: "js" };
  });
}

async function main() {
  await mkdir(dirname(target), { recursive: true });
  const fresh = await mkdtemp(join(dirname(target), ".build-"));
  try {
    const result = await build({ ...options, outdir: fresh });
    const manifest = { ...namesOf(result.metafile, fresh), "icon.svg": await copyIcon(fresh) };
    await writeFile(join(fresh, "manifest.json"), JSON.stringify(manifest, null, 2) + "\n");
    await writeFile(join(fresh, "LICENSES.txt"), await licensesOf(result.metafile));
    await chmod(fresh, 0o755); // a temporary folder is made for its owner alone
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

async function licensesOf(metafile) {
  const folders = new Set();
  for (const path of Object.keys(metafile.inputs)) {
    const found = path.match(/^.*node_modules\/(?:@[^/]+\/)?[^/]+/);
    if (found) folders.add(join(here, found[0]));
  }
  const texts = await Promise.all([...folders].sort().map(licenseOf));
  return texts.join("\n" + "-".repeat(80) + "\n\n");
}

async function licenseOf(folder) {
  const { name, version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file ? await readFile(join(folder, file), "utf8") : "";
  return `${name} ${version} (${license})\n\n${text.trim()}\n`;
}

await main();
