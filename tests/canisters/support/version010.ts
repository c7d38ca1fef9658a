import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import { compileMotoko, type LocalIc } from 'local-ic';
import * as newBindings from '../../../src/lib/canisters/options/options.did.js';
import type { _SERVICE as Options } from '../../../src/lib/canisters/options/options.did.js';
import * as oldBindings from '../versions/options-0.1.0.did.js';
import type { _SERVICE as OldOptions, OrderRequest, Tenor } from '../versions/options-0.1.0.did.js';
import { ok } from './books.ts';
import { alice, bob, fee, minter, operator, owner, priceE8 } from './exchange.ts';
import {
  installExchangeRate,
  installLedger,
  installLegacy,
  minuteNs,
  secondNs,
  startNs,
  stillNetwork,
  type ExchangeRateStandin,
  type LedgerStandin,
  type LegacyStandin
} from './standins.ts';

const root = join(import.meta.dirname, '../../..');

/** An exchange of version 0.1.0, from the module that was deployed then, and its way to the version of today. */
export interface OldExchange {
  readonly ic: LocalIc;
  readonly id: Principal;
  readonly ledger: LedgerStandin;
  readonly exchangeRate: ExchangeRateStandin;
  readonly legacy: LegacyStandin;
  /** Speaks 0.1.0. */
  old(sender?: Principal): OldOptions;
  /** Speaks the interface of today. */
  today(sender?: Principal): Options;
  approve(trader: Principal, sats: bigint): Promise<void>;
  onLedger(who: Principal): Promise<bigint>;
  setPrice(minuteNs: bigint, e8: bigint): Promise<void>;
  /** Stops, upgrades to a module, starts. A refused upgrade leaves it running. */
  upgrade(wasm: Uint8Array, arg: Uint8Array): Promise<void>;
  /** The same to the version of today; answers the instructions the upgrade took. */
  upgradeToToday(): Promise<bigint>;
  readonly oldModule: { wasm: Uint8Array; arg: Uint8Array };
  close(): Promise<void>;
}

const tenor = (name: string, minutes: bigint): Tenor => ({
  name,
  minutes,
  sigma_ppm: 600_000n,
  strike_grid_e8: 1_000_000_000n,
  enabled: true
});

export async function openOldExchange(exchangeRateId?: (ic: LocalIc) => Promise<Principal>): Promise<OldExchange> {
  const ic = await stillNetwork();
  const account = (who: Principal) => ({ owner: who, subaccount: [] as [] });
  const pocket = (who: Principal, amount: bigint) => ({ to: account(who), amount });
  const ledger = await installLedger(ic, {
    minter,
    initial_mints: [pocket(operator, 1_000_000_000n), pocket(alice, 10_000_000n), pocket(bob, 10_000_000n)]
  });
  const exchangeRate = await installExchangeRate(ic, {
    anchor_minute_ns: startNs - 60n * minuteNs,
    first_recorded_ns: startNs - 60n * minuteNs,
    closes_cents: new Uint32Array(3_000).fill(Number(priceE8 / 1_000_000n)),
    source: 'a constant price for tests',
    sources: [],
    require_cycles: []
  });
  const id = await ic.createCanister();
  const legacy = await installLegacy(ic, { operators: [operator], options: [id], badly_behaved: false });
  const parts = { ledger: ledger.id, exchange_rate: (await exchangeRateId?.(ic)) ?? exchangeRate.id, legacy: [legacy.id] };
  const tenors = [tenor('1m', 1n), tenor('5m', 5n), tenor('4h', 240n)];
  const oldModule = {
    wasm: new Uint8Array(gunzipSync(await readFile(join(root, 'tests/canisters/versions/options-0.1.0.wasm.gz')))),
    arg: new Uint8Array(IDL.encode(oldBindings.init({ IDL }), [{ ...parts, tenors }]))
  };
  await ic.installCode({ canisterId: id, ...oldModule, mode: 'install' });
  const exchange: OldExchange = {
    ic,
    id,
    ledger,
    exchangeRate,
    legacy,
    oldModule,
    old: (sender) => ic.actor<OldOptions>(oldBindings.idlFactory, id, sender),
    today: (sender) => ic.actor<Options>(newBindings.idlFactory, id, sender),
    async approve(trader, sats) {
      const approval = await ledger.as(trader).icrc2_approve({
        from_subaccount: [],
        spender: account(id),
        amount: sats + fee,
        expected_allowance: [],
        expires_at: [],
        fee: [],
        memo: [],
        created_at_time: []
      });
      if ('Err' in approval) throw new Error(`the approval failed: ${Object.keys(approval.Err).join()}`);
    },
    onLedger: (who) => ledger.as().icrc1_balance_of(account(who)),
    async setPrice(minute, e8) {
      await exchangeRate.as().set_rate(minute, [e8 * 10n]);
    },
    async upgrade(wasm, arg) {
      await ic.stopCanister(id);
      try {
        await ic.installCode({ canisterId: id, wasm, arg, mode: 'upgrade', keepMemory: true });
      } finally {
        await ic.startCanister(id);
      }
    },
    async upgradeToToday() {
      const { wasm } = await compileMotoko({ entry: join(root, 'canisters/options/main.mo'), cacheDir: join(root, '.cache/motoko') });
      const arg = new Uint8Array(IDL.encode(newBindings.init({ IDL }), [{ ...parts, tenors: [] }]));
      await ic.stopCanister(id);
      const before = ic.engine.instructions(id).total;
      await ic.installCode({ canisterId: id, wasm, arg, mode: 'upgrade', keepMemory: true });
      const used = ic.engine.instructions(id).total - before;
      await ic.startCanister(id);
      return used;
    },
    close: () => ic.close()
  };
  ok(await exchange.old().grant_role(operator, { operator: null }));
  ok(await exchange.old().grant_role(owner, { owner: null }));
  await ic.advance(secondNs);
  return exchange;
}

/** An order as 0.1.0 took them: a digital call of 100,000 sats at the money, one minute. */
export const oldOrder = (id: string, changes: Partial<OrderRequest> = {}): OrderRequest => ({
  client_order_id: id,
  instrument: { digital: { direction: { call: null }, payout_sats: 100_000n } },
  tenor: '1m',
  strike: { at: priceE8 },
  max_premium_sats: 60_000n,
  ...changes
});
