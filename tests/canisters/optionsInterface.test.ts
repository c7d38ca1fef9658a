import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { IDL } from '@dfinity/candid';
import { generate } from '@icp-sdk/bindgen/core';
import { compileMotoko } from 'local-ic';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
let scratch: string;
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'satstrike-interface-'));
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

interface Bindings {
  idlFactory: (factory: { IDL: typeof IDL }) => IDL.ServiceClass;
  init: (factory: { IDL: typeof IDL }) => IDL.Type[];
}

/** An interface as text without type names: one line per method with everything spelled out, and the init argument. */
async function spelledOut(name: string, candid: string): Promise<string[]> {
  const didFile = join(scratch, `${name}.did`);
  await writeFile(didFile, candid);
  await generate({
    didFile,
    outDir: join(scratch, name),
    output: { actor: { disabled: true }, declarations: { flat: true }, force: true }
  });
  const text = await readFile(join(scratch, name, `${name}.did.js`), 'utf8');
  // The generated module imports a package that only its types need.
  const module = join(scratch, `${name}.mjs`);
  await writeFile(module, text.replaceAll(/^import .*$/gmu, '').replaceAll(/^export const idl(Service|InitArgs).*$/gmu, ''));
  const bindings = (await import(pathToFileURL(module).href)) as Bindings;
  const methods = bindings.idlFactory({ IDL })._fields.map(([method, type]) => `${method} : ${type.display()}`);
  return [...methods.sort(), ...bindings.init({ IDL }).map((type) => `init : ${type.display()}`)];
}

/** The sources of a folder and those below it. */
async function sources(folder: string): Promise<Map<string, string>> {
  const names = (await readdir(join(root, folder), { recursive: true })).filter((name) => name.endsWith('.mo'));
  return new Map(await Promise.all(names.map(async (name) => [name, await readFile(join(root, folder, name), 'utf8')] as const)));
}

describe('the options canister', () => {
  test('has exactly the interface that is checked in', async () => {
    await mkdir(scratch, { recursive: true });
    const compiled = await compileMotoko({ entry: join(root, 'canisters/options/main.mo'), cacheDir: join(root, '.cache/motoko') });
    const checkedIn = await readFile(join(root, 'canisters/options/options.did'), 'utf8');
    expect(compiled.warnings).toEqual([]);
    const expected = await spelledOut('checked_in', checkedIn);
    expect(expected.length).toBeGreaterThan(60);
    expect(await spelledOut('compiled', compiled.candid)).toEqual(expected);
  });

  test('knows no floating point number', async () => {
    const files = await sources('canisters/options');
    expect(files.size).toBeGreaterThan(30);
    for (const [name, text] of files) expect(text, name).not.toMatch(/float/iu);
  });

  test('is made of small files', async () => {
    for (const [name, text] of await sources('canisters/options')) {
      // The two lists of types are longer; cutting them up would only make a name harder to find.
      expect(text.split('\n').length, name).toBeLessThanOrEqual(['Types.mo', 'State.mo'].includes(name) ? 400 : 300);
    }
  });
});
