import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collectSources } from './collectSources.ts';
import { checkMotoko, compileMotoko } from './compileMotoko.ts';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'motoko-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function write(path: string, content: string): string {
  const full = join(directory, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, content);
  return full;
}

describe('compiling Motoko', () => {
  it('follows imports in other directories and packages, and caches by all of them', async () => {
    const helper = write('shared/Helper.mo', 'module { public let one = 1 }');
    write('vendor/pack/lib.mo', 'import Inner "Inner"; module { public let two = Inner.two }');
    write('vendor/pack/Inner.mo', 'module { public let two = 2 }');
    const entry = write(
      'app/main.mo',
      `import Helper "../shared/Helper";
       import Pack "mo:pack";
       import Nat "mo:core/Nat";
       persistent actor { public query func sum() : async Text { Nat.toText(Helper.one + Pack.two) } }`
    );
    const options = { entry, cacheDir: join(directory, 'cache'), packages: { pack: join(directory, 'vendor/pack') } };
    const [first, second] = await Promise.all([compileMotoko(options), compileMotoko(options)]);
    expect(second.wasm).toBe(first.wasm);
    expect(first.cached).toBe(false);
    expect(first.candid).toContain('sum: () -> (text) query');
    expect(first.stableTypes).toContain('actor');
    const again = await compileMotoko(options);
    expect(again).toEqual({ ...first, cached: true });
    writeFileSync(helper, 'module { public let one = 10 }');
    expect((await compileMotoko(options)).cached).toBe(false);
  });

  it('says where the errors are', async () => {
    const broken = write('broken/Part.mo', 'module {\n  public let x : Nat = "text"\n}');
    const entry = write('broken/main.mo', 'import Part "Part";\npersistent actor { public func f() : async Nat { Part.x } }');
    const compilation = compileMotoko({ entry, cacheDir: join(directory, 'cache') });
    await expect(compilation).rejects.toThrow(/Part\.mo:2:24: \[M0050\]/);
    const { errors } = await checkMotoko({ entry });
    expect(errors).toHaveLength(1);
    expect(broken).toContain('Part.mo');
  });

  it('says which import is missing', async () => {
    const entry = write('missing/main.mo', 'import Nothing "./Nothing";\npersistent actor {}');
    await expect(compileMotoko({ entry, cacheDir: join(directory, 'cache') })).rejects.toThrow(/main\.mo:1:.*Nothing/);
    await expect(compileMotoko({ entry: join(directory, 'no.mo'), cacheDir: directory })).rejects.toThrow(/No such file/);
  });
});

describe('collecting sources', () => {
  it('names files the same wherever the project lies', () => {
    const make = (root: string): string => {
      write(`${root}/lib/A.mo`, 'import B "B"; module {}');
      write(`${root}/lib/B.mo`, 'import A "A"; module {}');
      return write(`${root}/actor/main.mo`, 'import { x } "../lib/A"; // import C "gone"\nactor {}');
    };
    const first = collectSources(make('here'));
    const second = collectSources(make('over/there'));
    expect([...first.files.keys()]).toEqual(['actor/main.mo', 'lib/A.mo', 'lib/B.mo']);
    expect([...second.files]).toEqual([...first.files]);
    expect(second.entry).toBe('actor/main.mo');
  });
});
