import { join } from 'node:path';
import type { IDL } from '@dfinity/candid';
import { compileMotoko, createLocalIc } from 'local-ic';
import { root } from '../../scripts/lib/paths.ts';
import { person, startNs } from '../canisters/support/standins.ts';
import { encodedCalls } from './encodedCalls.ts';

/** Instructions of the design that reads through all positions, at a number of them: to place one, to settle one that is due, to find a trader's, to count. */
export interface ScanningCosts {
  place: number;
  settle: number;
  page: number;
  overview: number;
}

const idlFactory: IDL.InterfaceFactory = ({ IDL }) =>
  IDL.Service({
    fill: IDL.Func([IDL.Nat, IDL.Vec(IDL.Principal)], [], []),
    place: IDL.Func([IDL.Nat64], [IDL.Nat], []),
    settleDue: IDL.Func([IDL.Nat64], [IDL.Nat], []),
    countMine: IDL.Func([], [IDL.Nat], ['query']),
    overview: IDL.Func([], [IDL.Nat, IDL.Nat], ['query'])
  });

/** Measures it at each of these numbers of positions, in ascending order. */
export async function scanningCosts(sizes: readonly number[]): Promise<ScanningCosts[]> {
  const ic = await createLocalIc({ clock: { startNs } });
  try {
    const { wasm } = await compileMotoko({ entry: join(root, 'tests/bench/ScanningExchange.mo'), cacheDir: join(root, '.cache/motoko') });
    const id = await ic.createCanister();
    await ic.installCode({ canisterId: id, wasm, mode: 'install' });
    const { call, instructions } = encodedCalls(ic, id, idlFactory);
    const who = person('a trader');
    const costs: ScanningCosts[] = [];
    let filled = 0;
    for (const size of sizes) {
      while (filled < size) {
        const count = Math.min(10_000, size - filled);
        await call(who, 'fill', BigInt(count), [who, person('another')]);
        filled += count;
      }
      const place = await instructions(who, 'place', 1n);
      const [settle, page, overview] = [
        await instructions(who, 'settleDue', 2n),
        await instructions(who, 'countMine'),
        await instructions(who, 'overview')
      ];
      costs.push({ place, settle, page, overview });
    }
    return costs;
  } finally {
    await ic.close();
  }
}
