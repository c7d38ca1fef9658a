// Compiles the canister with a planted bug and lets the histories look for it.
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Mutant } from './mutants.ts';
import { simulate, type Outcome, type Request } from './run.ts';
import { optionsModule, type Module } from './world.ts';

const canisters = join(import.meta.dirname, '../../../canisters');

/**
 * The sources with the replacements made.
 *
 * @throws Error when a text does not stand in its file exactly once: the sources have changed, and the mutant must follow
 */
export async function mutated({ name, replacements }: Mutant): Promise<Map<string, string>> {
  const changed = new Map<string, string>();
  for (const { file, find, replace } of replacements) {
    const source = changed.get(file) ?? (await readFile(join(canisters, 'options', file), 'utf8'));
    const count = source.split(find).length - 1;
    if (count !== 1) throw new Error(`Mutant "${name}": the text stands ${count} times in ${file}, not once:\n${find}`);
    changed.set(
      file,
      source.replace(find, () => replace)
    );
  }
  return changed;
}

async function compiled(mutant: Mutant): Promise<Module> {
  const changed = await mutated(mutant);
  const directory = await mkdtemp(join(tmpdir(), 'mutant-'));
  try {
    await cp(canisters, directory, { recursive: true });
    for (const [file, source] of changed) await writeFile(join(directory, 'options', file), source);
    return await optionsModule(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Runs histories against a mutant until one catches it. */
export const hunt = async (mutant: Mutant, request: Request): Promise<Outcome> =>
  simulate(await compiled(mutant), { ...request, shrink: false });
