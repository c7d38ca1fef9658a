import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeBindings, staleBindings, writeBindings, type BindingsOptions } from './bindings.ts';
import { root } from './lib/paths.ts';

let dir: string;
let options: BindingsOptions;

const didFile = (name: string): string => join(options.canistersDir, 'local', name, `${name}.did`);

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'bindings-test-'));
  options = { canistersDir: join(dir, 'canisters'), outDir: join(dir, 'out') };
  await mkdir(join(options.canistersDir, 'local/clock'), { recursive: true });
  await writeFile(
    didFile('clock'),
    'type Time = record { ns : nat64; by : principal };\nservice : { now : () -> (Time) query; set : (opt Time) -> () };\n'
  );
  // A build product is no interface of its own.
  await writeFile(join(options.canistersDir, 'local/clock/service.did'), 'service : {}');
});
afterEach(() => rm(dir, { recursive: true, force: true }));

describe('bindings', () => {
  it('are one folder a canister, importing what the project uses', async () => {
    expect((await writeBindings(options)).sort()).toEqual(['clock/clock.did.d.ts', 'clock/clock.did.js']);
    const types = await readFile(join(options.outDir, 'clock/clock.did.d.ts'), 'utf8');
    expect(types).toContain("from '@dfinity/principal'");
    expect(types).toContain('export interface Time');
    expect(types).not.toMatch(/icp-sdk|ts-nocheck|eslint-disable/u);
    expect(await readFile(join(options.outDir, 'clock/clock.did.js'), 'utf8')).not.toContain('import');
  });

  it('are the same every time', async () => {
    expect(await makeBindings(options.canistersDir)).toEqual(await makeBindings(options.canistersDir));
  });

  it('are up to date until an interface or a binding changes', async () => {
    await writeBindings(options);
    expect(await staleBindings(options)).toEqual([]);
    await writeFile(join(options.outDir, 'clock/clock.did.js'), '');
    await writeFile(join(options.outDir, 'clock/left-over.js'), '');
    await cp(join(options.canistersDir, 'local/clock'), join(options.canistersDir, 'local/copy'), { recursive: true });
    await writeFile(didFile('copy'), 'service : {}');
    expect(await staleBindings(options)).toEqual(['clock/clock.did.js', 'clock/left-over.js', 'copy/copy.did.d.ts', 'copy/copy.did.js']);
    await writeBindings(options);
    expect(await staleBindings(options)).toEqual([]);
  });

  it('that are checked in fit the interfaces that are checked in', async () => {
    expect(await staleBindings({ canistersDir: join(root, 'canisters'), outDir: join(root, 'src/lib/canisters') })).toEqual([]);
  });
});
