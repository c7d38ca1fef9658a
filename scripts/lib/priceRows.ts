import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import { createLocalIc } from 'local-ic';
import * as optionsBindings from '../../src/lib/canisters/options/options.did.js';
import type { _SERVICE as Options } from '../../src/lib/canisters/options/options.did.js';
import { buildCanister } from './canisters.ts';
import type { PriceRow, PriceValues } from './priceFile.ts';

/** The most rows the canister takes at once. */
const BATCH = 500;

/** Asks the options canister, as it is deployed, for the fair values of rows, whoever asks: installed on a network of its own that ends with this. */
export async function priceRows(rows: readonly PriceRow[]): Promise<PriceValues[]> {
  if (rows.length === 0) return [];
  const wasm = await buildCanister('options');
  // The clock stands still, so that nothing happens but the questions; the canisters it would call don't exist and aren't needed.
  const ic = await createLocalIc({ clock: { startNs: 1_800_000_000_000_000_000n } });
  try {
    const canisterId = await ic.createCanister();
    const nobody = Principal.managementCanister();
    const init = { ledger: nobody, exchange_rate: nobody, legacy: [], tenors: [] };
    const arg = new Uint8Array(IDL.encode(optionsBindings.init({ IDL }), [init]));
    await ic.installCode({ canisterId, wasm, arg, mode: 'install' });
    const canister = ic.actor<Options>(optionsBindings.idlFactory, canisterId, Principal.anonymous());
    const values: PriceValues[] = [];
    for (let start = 0; start < rows.length; start += BATCH) {
      const answer = await canister.fair_values(rows.slice(start, start + BATCH));
      if ('err' in answer) throw new Error(`The canister refused the rows from ${start + 1} on: ${answer.err.message}`);
      values.push(...answer.ok);
    }
    return values;
  } finally {
    await ic.close();
  }
}
