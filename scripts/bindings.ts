// `npm run bindings`: makes src/lib/canisters/<name>/ from the canisters' Candid files. `-- --check` only compares.
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { generate } from '@icp-sdk/bindgen/core';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

export interface BindingsOptions {
  /** Where the `<name>/<name>.did` files are, at any depth. */
  canistersDir: string;
  outDir: string;
}

/** Files by their path relative to the output folder. The same Candid always gives the same text. */
export async function makeBindings(canistersDir: string): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  const scratch = await mkdtemp(join(tmpdir(), 'satstrike-bindings-'));
  try {
    for (const didFile of await findInterfaces(canistersDir)) {
      const name = basename(didFile, '.did');
      const outDir = join(scratch, name);
      await generate({ didFile, outDir, output: { actor: { disabled: true }, declarations: { flat: true }, force: true } });
      for (const file of (await readdir(outDir)).sort()) {
        files.set(`${name}/${file}`, tidy(await readFile(join(outDir, file), 'utf8'), didFile));
      }
    }
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  return files;
}

/** The interfaces, one a folder: `legacy/legacy.did`, not a build product with another name. */
async function findInterfaces(canistersDir: string): Promise<string[]> {
  const entries = await readdir(canistersDir, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name === `${basename(entry.parentPath)}.did`)
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** Points the imports at the packages this project uses and replaces the tool's header (it would switch type checks off). */
function tidy(text: string, didFile: string): string {
  const body = text
    .replace(/^\/\* eslint-disable \*\/\s*/u, '')
    .replace(/^\/\/ @ts-nocheck\s*/u, '')
    .replace(/^(\/\/.*\n)+\s*/u, '')
    .replaceAll(/@icp-sdk\/core\/(agent|candid|principal)/gu, '@dfinity/$1')
    // Every function below takes IDL as a parameter, so the module needs none of its own.
    .replace(/^import \{ IDL \} from '@dfinity\/candid';\n+/mu, '');
  return `// Made from ${basename(didFile)} by \`npm run bindings\`. Change the interface, not this file.\n\n${body}`;
}

/** Paths (relative to the output folder) that are missing, different or left over. */
export async function staleBindings(options: BindingsOptions): Promise<string[]> {
  const wanted = await makeBindings(options.canistersDir);
  const stale: string[] = [];
  for (const [path, text] of wanted) {
    const found = await readFile(join(options.outDir, path), 'utf8').catch(() => undefined);
    if (found !== text) stale.push(path);
  }
  const present = await readdir(options.outDir, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of present) {
    const path = relative(options.outDir, join(entry.parentPath, entry.name));
    if (entry.isFile() && !wanted.has(path)) stale.push(path);
  }
  return stale.sort();
}

export async function writeBindings(options: BindingsOptions): Promise<string[]> {
  const files = await makeBindings(options.canistersDir);
  await rm(options.outDir, { recursive: true, force: true });
  for (const [path, text] of files) {
    await mkdir(dirname(join(options.outDir, path)), { recursive: true });
    await writeFile(join(options.outDir, path), text);
  }
  return [...files.keys()];
}

async function main(args: string[]): Promise<void> {
  const options = { canistersDir: join(root, 'canisters'), outDir: join(root, 'src/lib/canisters') };
  if (!args.includes('--check')) {
    console.log(`Wrote ${(await writeBindings(options)).length} files to src/lib/canisters.`);
    return;
  }
  const stale = await staleBindings(options);
  if (stale.length === 0) return;
  console.error(`These bindings differ from the Candid files; run \`npm run bindings\`:\n${stale.map((path) => `  ${path}`).join('\n')}`);
  process.exitCode = 1;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await main(process.argv.slice(2));
