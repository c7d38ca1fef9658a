import { join } from 'node:path';
import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import { compileMotoko, createLocalIc, type LocalIc } from 'local-ic';
import { idlFactory as ledgerIdl } from '../../src/lib/canisters/ledger/ledger.did.js';
import { idlFactory as optionsIdl, init as optionsInit } from '../../src/lib/canisters/options/options.did.js';
import type { Account, OrderRequest, Overview, Tenor } from '../../src/lib/canisters/options/options.did.js';
import { root } from '../../scripts/lib/paths.ts';
import { installExchangeRate, installLedger, minuteNs, person, secondNs, startNs } from '../canisters/support/standins.ts';
import { encodedCalls, type EncodedCalls } from './encodedCalls.ts';

const PRICE_E8 = 2_800_000_000_000n;
const GRID_E8 = 1_000_000_000n;
const LEDGER_FEE = 10n;
const POCKET_SATS = 2_000_000n;
const TREASURY_SATS = 100_000_000_000n;
const RECORDED_MINUTES = 40_000;
/** Calls under way at once: enough to share rounds, few enough to fit into a canister's queue. */
const AT_ONCE = 200;

const TENOR: Tenor = {
  name: '1m',
  schedule: { minutes: 1n },
  volatility: { fixed: { sigma_ppm: 600_000n } },
  band_ppm: 0n,
  strike_grid_e8: GRID_E8,
  enabled: true
};

/** An exchange with many traders, each with an account, on a network whose clock stands still. */
export interface CrowdedExchange {
  readonly ic: LocalIc;
  readonly id: Principal;
  readonly traders: readonly Principal[];
  readonly options: EncodedCalls;
  /** Positions so far. */
  positions(): Promise<number>;
  /** An order with a client order id of 36 characters, as a browser makes them: a call and a put in turn, so that half of them win. */
  order(): OrderRequest;
  /** One order of each of these traders, not yet filled. */
  place(of: readonly Principal[]): Promise<void>;
  /** Lets minutes pass until every order is filled and settled. */
  settleAll(): Promise<void>;
  /** Moves the clock to a second of the running or, if it is past, the next minute. */
  toSecond(second: bigint): Promise<void>;
  upgrade(): Promise<void>;
  /** Memory of the options canister, bytes. */
  memory(): Promise<{ wasm: number; stable: number }>;
}

interface Management {
  canister_status(argument: {
    canister_id: Principal;
  }): Promise<{ memory_metrics: { wasm_memory_size: bigint; stable_memory_size: bigint } }>;
}

const managementIdl: IDL.InterfaceFactory = ({ IDL }) =>
  IDL.Service({
    canister_status: IDL.Func(
      [IDL.Record({ canister_id: IDL.Principal })],
      [IDL.Record({ memory_metrics: IDL.Record({ wasm_memory_size: IDL.Nat, stable_memory_size: IDL.Nat }) })]
    )
  });

const account = (owner: Principal): Account => ({ owner, subaccount: [] });

/** A principal as long as a self-authenticating one, by number; their order is not that of the numbers. */
function trader(index: number): Principal {
  const bytes = new Uint8Array(29).fill(7);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, Math.imul(index + 1, 2_654_435_761) >>> 0);
  view.setUint32(4, index);
  bytes[28] = 2;
  return Principal.fromUint8Array(bytes);
}

/** Runs a step for each item, some at once. */
async function forEach<T>(items: readonly T[], step: (item: T) => Promise<unknown>): Promise<void> {
  for (let start = 0; start < items.length; start += AT_ONCE) await Promise.all(items.slice(start, start + AT_ONCE).map(step));
}

export async function crowdedExchange(traderCount: number): Promise<CrowdedExchange> {
  const ic = await createLocalIc({ clock: { startNs } });
  const traders = Array.from({ length: traderCount }, (_, index) => trader(index));
  const house = person('house');
  const minter = person('minter');
  const ledgerId = (await installLedger(ic, { minter, initial_mints: [{ to: account(house), amount: 4n * TREASURY_SATS }] })).id;
  const rates = await installExchangeRate(ic, {
    anchor_minute_ns: startNs - 60n * minuteNs,
    first_recorded_ns: startNs - 60n * minuteNs,
    closes_cents: new Uint32Array(RECORDED_MINUTES).fill(Number(PRICE_E8 / 1_000_000n)),
    source: 'a constant price for measurements',
    sources: [],
    require_cycles: []
  });
  const { wasm } = await compileMotoko({ entry: join(root, 'canisters/options/main.mo'), cacheDir: join(root, '.cache/motoko') });
  const id = await ic.createCanister();
  const init = { ledger: ledgerId, exchange_rate: rates.id, legacy: [], tenors: [TENOR] };
  const arg = new Uint8Array(IDL.encode(optionsInit({ IDL }), [init]));
  await ic.installCode({ canisterId: id, wasm, arg, mode: 'install' });
  await ic.advance(secondNs);
  const options = encodedCalls(ic, id, optionsIdl);
  const ledger = encodedCalls(ic, ledgerId, ledgerIdl);
  const approve = (who: Principal, sats: bigint) =>
    ledger.send(who, 'icrc2_approve', {
      ...{ from_subaccount: [], expected_allowance: [], expires_at: [], fee: [], memo: [], created_at_time: [] },
      spender: account(id),
      amount: sats + LEDGER_FEE
    });

  await options.ok(undefined, 'grant_role', house, { operator: null });
  await approve(house, TREASURY_SATS);
  await options.ok(house, 'fund_treasury', { request_id: 'treasury', amount_sats: TREASURY_SATS });
  const { settings } = (await options.call(house, 'get_market')) as { settings: object };
  const most = TREASURY_SATS;
  const limits = { max_trader_payout_sats: most, max_expiry_payout_sats: most, max_total_payout_sats: most };
  await options.ok(house, 'set_settings', { ...settings, ...limits });
  // The deposit, and the fees of the approval and of the transfer that takes it.
  const pocket = POCKET_SATS + 2n * LEDGER_FEE;
  const transfer = { from_subaccount: [], amount: pocket, fee: [], memo: [], created_at_time: [] };
  await forEach(traders, (who) => ledger.send(house, 'icrc1_transfer', { ...transfer, to: account(who) }));
  await forEach(traders, (who) => approve(who, POCKET_SATS));
  await forEach(traders, (who) => options.send(who, 'deposit', { request_id: 'deposit', amount_sats: POCKET_SATS }));

  const management = ic.actor<Management>(managementIdl, Principal.managementCanister());
  let orders = 0;
  const overview = () => options.ok(house, 'get_overview') as Promise<Overview>;
  const { users } = await overview();
  if (Number(users) !== traderCount) throw new Error(`${users} of ${traderCount} traders have an account`);
  const exchange: CrowdedExchange = {
    ic,
    id,
    traders,
    options,
    async positions() {
      const { pending, open, settled, cancelled } = (await overview()).positions;
      return Number(pending + open + settled + cancelled);
    },
    order() {
      orders += 1;
      const number = orders.toString(16).padStart(8, '0');
      return {
        client_order_id: `${number}-6f1c-4b7e-9a53-2d8e${number}`,
        instrument: { digital: { direction: orders % 2 === 0 ? { call: null } : { put: null }, payout_sats: 10_000n } },
        tenor: TENOR.name,
        strike: { at: PRICE_E8 + GRID_E8 },
        max_premium_sats: 9_000n,
        max_payout_sats: []
      };
    },
    async place(of) {
      const before = (await overview()).positions.pending;
      await forEach(of, (who) => options.send(who, 'place_order', exchange.order()));
      const placed = (await overview()).positions.pending - before;
      if (Number(placed) !== of.length) throw new Error(`${placed} of ${of.length} orders were taken`);
    },
    async settleAll() {
      for (let minutes = 0; minutes < 200; minutes += 1) {
        await exchange.toSecond(50n);
        const { pending, open } = (await overview()).positions;
        if (pending + open === 0n) return;
      }
      throw new Error('orders are still pending or open after 200 minutes');
    },
    async toSecond(second) {
      const into = ic.now() % minuteNs;
      const target = second * secondNs;
      await ic.advance(target > into ? target - into : target + minuteNs - into);
    },
    async memory() {
      const { memory_metrics } = await management.canister_status({ canister_id: id });
      return { wasm: Number(memory_metrics.wasm_memory_size), stable: Number(memory_metrics.stable_memory_size) };
    },
    async upgrade() {
      await ic.stopCanister(id);
      await ic.installCode({ canisterId: id, wasm, arg, mode: 'upgrade', keepMemory: true });
      await ic.startCanister(id);
    }
  };
  return exchange;
}
