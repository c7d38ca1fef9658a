import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { IDL } from '@dfinity/candid';
import { describe, expect, it } from 'vitest';
import { idlFactory } from '../src/lib/canisters/options/options.did.js';
import { isCurrent, makeApiDocs, readInterface } from './api-docs.ts';
import { root } from './lib/paths.ts';

const small = `// A service.

// A pair.
type Pair = record {
  // Where it is said what it is.
  a : nat; b : text };
type Plain = nat;

// Counts once.
service : (Pair) -> {
  // ---- Everybody, in words. Errors of every method from here on: none.

  // Does it. Errors: busy.
  act : (Pair) -> (variant { ok;
    err : Plain });
  look : () -> (Pair) query;

  // ---- Owners change. With care.

  destroy : () -> ();
}
`;

describe('the page of the interface', () => {
  it('has methods by section and types with their comments', () => {
    const { introduction, types, init, sections } = readInterface(small);
    expect([introduction, init]).toEqual(['A service.', 'Counts once.']);
    expect(types.map(({ name, comment }) => [name, comment])).toEqual([
      ['Pair', 'A pair.'],
      ['Plain', '']
    ]);
    expect(sections.map(({ title, comment, entries }) => [title, comment, entries.map(({ name, isQuery }) => [name, isQuery])])).toEqual([
      [
        'Everybody, in words',
        'Errors of every method from here on: none.',
        [
          ['act', false],
          ['look', true]
        ]
      ],
      ['Owners change', 'With care.', [['destroy', false]]]
    ]);
  });

  it('says who may call a method and how it fails', async () => {
    const page = await makeApiDocs(small);
    expect(page).toContain('### act\n\nDoes it.\n\nAn update. For: everybody, in words. Errors: busy.\n');
    expect(page).toContain('### destroy\n\nAn update. For: owners.\n');
    expect(page).toContain('### look\n\nA query. For: everybody, in words.\n');
  });

  it('has every method of the interface, once', async () => {
    const text = await readFile(join(root, 'canisters/options/options.did'), 'utf8');
    const written = readInterface(text).sections.flatMap(({ entries }) => entries.map(({ name }) => name));
    expect(written.sort()).toEqual(
      idlFactory({ IDL })
        ._fields.map(([name]) => name)
        .sort()
    );
  });

  it('that is checked in is current', async () => {
    expect(await isCurrent(), 'run `npm run api-docs`').toBe(true);
  });
});
