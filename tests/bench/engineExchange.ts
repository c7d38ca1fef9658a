import { join } from 'node:path';
import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import { compileMotoko, createLocalIc, type LocalIc } from 'local-ic';
import * as optionsBindings from '../../src/lib/canisters/options/options.did.js';
import type { _SERVICE as Options, OrderRequest } from '../../src/lib/canisters/options/options.did.js';
import { root } from '../../scripts/lib/paths.ts';
import { installExchangeRate, installLedger, minuteNs, person, secondNs, startNs } from '../canisters/support/standins.ts';

const priceE8 = 2_800_000_000_000n;
const fee = 10n;
const pocketSats = 2_000_000n;
const recordedMinutes = 20_000;

/** An exchange with many traders, each with an account, on a network whose clock stands still. */
export interface CrowdedExchange {
  readonly ic: LocalIc;
  readonly id: Principal;
  readonly traders: Principal[];
  as(sender?: Principal): Options;
  /** Settled and open positions so far. */
  positions: number;
  /** One order of each of these traders, filled and settled: calls and puts in turn, so that half of them win. */
  wave(traders: Principal[]): Promise<void>;
  /** An order with a client order id of 36 characters, as a browser makes them. */
  order(): OrderRequest;
  toSecond(second: bigint): Promise<void>;
  upgrade(): Promise<void>;
}

const account = (owner: Principal) => ({ owner, subaccount: [] as [] });

/** A principal like a self-authenticating one, by number. */
function trader(index: number): Principal {
  const bytes = new Uint8Array(29).fill(7);
  new DataView(bytes.buffer).setUint32(0, Math.imul(index, 2_654_435_761) >>> 0);
  new DataView(bytes.buffer).setUint32(4, index);
  bytes[28] = 2;
  return Principal.fromUint8Array(bytes);
}

export async function crowdedExchange(traderCount: number): Promise<CrowdedExchange> {
  const ic = await createLocalIc({ clock: { startNs } });
  const traders = Array.from({ length: traderCount }, (_, index) => trader(index));
  const house = person('house');
  const ledger = await installLedger(ic, {
    minter: person('minter'),
    initial_mints: [{ to: account(house), amount: 200_000_000_000n }]
  });
  const exchangeRate = await installExchangeRate(ic, {
    anchor_minute_ns: startNs - 60n * minuteNs,
    first_recorded_ns: startNs - 60n * minuteNs,
    closes_cents: new Uint32Array(recordedMinutes).fill(Number(priceE8 / 1_000_000n)),
    source: 'a constant price for measurements',
    sources: [],
    require_cycles: []
  });
  const { wasm } = await compileMotoko({ entry: join(root, 'canisters/options/main.mo'), cacheDir: join(root, '.cache/motoko') });
  const id = await ic.createCanister();
  const tenor = {
    name: '1m',
    schedule: { minutes: 1n },
    volatility: { fixed: { sigma_ppm: 600_000n } },
    band_ppm: 0n,
    strike_grid_e8: 1_000_000_000n,
    enabled: true
  };
  const init = { ledger: ledger.id, exchange_rate: exchangeRate.id, legacy: [], tenors: [tenor] };
  const arg = new Uint8Array(IDL.encode(optionsBindings.init({ IDL }), [init]));
  await ic.installCode({ canisterId: id, wasm, arg, mode: 'install' });
  const as = (sender?: Principal): Options => ic.actor<Options>(optionsBindings.idlFactory, id, sender);
  await ic.advance(secondNs);

  const approve = async (who: Principal, amount: bigint): Promise<void> => {
    const spender = account(id);
    const none = { from_subaccount: [] as [], expected_allowance: [] as [], expires_at: [] as [], fee: [] as [], memo: [] as [] };
    const answer = await ledger.as(who).icrc2_approve({ ...none, spender, amount: amount + fee, created_at_time: [] });
    if ('Err' in answer) throw new Error('an approval failed');
  };
  const take = <T>(answer: { ok: T } | { err: { message: string } }): T => {
    if ('err' in answer) throw new Error(answer.err.message);
    return answer.ok;
  };
  await approve(house, 100_000_000_000n);
  take(await as(house).grant_role(house, { operator: null }).then((answer) => ('err' in answer ? as().grant_role(house, { operator: null }) : answer)));
  take(await as(house).fund_treasury({ request_id: 'treasury', amount_sats: 100_000_000_000n }));
  const { settings } = await as().get_market();
  const most = 90_000_000_000n;
  take(
    await as(house).set_settings({ ...settings, max_trader_payout_sats: most, max_expiry_payout_sats: most, max_total_payout_sats: most })
  );
  for (const who of traders) {
    await ledger.as(house).icrc1_transfer({
      from_subaccount: [],
      to: account(who),
      amount: pocketSats + 2n * fee,
      fee: [],
      memo: [],
      created_at_time: []
    });
    await approve(who, pocketSats);
    take(await as(who).deposit({ request_id: 'deposit', amount_sats: pocketSats }));
  }

  let orders = 0;
  const exchange: CrowdedExchange = {
    ic,
    id,
    traders,
    as,
    positions: 0,
    order() {
      orders += 1;
      const client = orders.toString(16).padStart(8, '0');
      return {
        client_order_id: `${client}-6f1c-4b7e-9a53-2d8e${client}`,
        instrument: { digital: { direction: orders % 2 === 0 ? { call: null } : { put: null }, payout_sats: 10_000n } },
        tenor: '1m',
        strike: { at: priceE8 + 1_000_000_000n },
        max_premium_sats: 9_000n,
        max_payout_sats: []
      };
    },
    async wave(of) {
      for (const who of of) take(await as(who).place_order(exchange.order()));
      exchange.positions += of.length;
      for (let minutes = 0; ; minutes += 1) {
        await exchange.toSecond(50n);
        const { pending, open } = take(await as().get_overview());
        if (pending + open === 0n) return;
        if (minutes > 100) throw new Error(`after ${minutes} minutes ${pending} orders are pending and ${open} positions open`);
      }
    },
    async toSecond(second) {
      const into = ic.now() % minuteNs;
      const target = second * secondNs;
      await ic.advance(target > into ? target - into : target + minuteNs - into);
    },
    async upgrade() {
      await ic.stopCanister(id);
      await ic.installCode({ canisterId: id, wasm, arg, mode: 'upgrade', keepMemory: true });
      await ic.startCanister(id);
    }
  };
  return exchange;
}
