import 'fake-indexeddb/auto';
import { get } from 'svelte/store';
import { vi } from 'vitest';
import type { FaultRule } from 'local-ic';
import { MINUTE, SECOND, startNetwork, type Network } from '../../services/support/network.ts';
import { broken } from './invariants.ts';
import { rounds, type Round, type Trouble } from './schedule.ts';
import { Visitor } from './Visitor.ts';

/** Visits that go on at the same time, on one network. */
const AT_ONCE = 25;
/** No visit takes longer than this; then the faults end. */
const LONGEST = 12 * MINUTE;
/** How long the pages have, after the faults, to bring everything to its end. */
const PATIENCE = 15 * MINUTE;
/** What a page may take to show the canister's balance again: one period, and the second look. */
const PERIOD = 45 * SECOND;

export interface Request {
  readonly visits: number;
  readonly seed: number;
  readonly onRound?: (told: RoundTold) => void;
}

interface RoundTold {
  readonly round: number;
  readonly of: number;
  readonly trouble: Trouble;
  readonly visits: number;
  readonly requests: number;
  readonly faults: number;
  readonly orders: number;
  readonly settled: number;
  readonly broken: readonly string[];
}

/** Visits under random faults, against the real canisters; what was broken in each round. */
export async function simulate({ visits, seed, onRound }: Request): Promise<string[]> {
  const network = await startNetwork();
  const found: string[] = [];
  // The agent tells on the console what it can't verify, which is what many of these faults are about.
  const said = (['warn', 'error', 'group', 'groupEnd', 'log'] as const).map((name) => vi.spyOn(console, name).mockReturnValue(undefined));
  try {
    await network.misbehave();
    await network.pass(2 * MINUTE);
    const all = rounds(seed, visits, AT_ONCE);
    for (const [index, round] of all.entries()) {
      const told = await play(network, round, `${seed}.${index}`);
      found.push(...told.broken.map((what) => `round ${index} (${JSON.stringify(round.trouble)}): ${what}`));
      onRound?.({ ...told, round: index + 1, of: all.length });
    }
  } finally {
    for (const spy of said) spy.mockRestore();
    await network.close();
  }
  return found;
}

async function play(network: Network, round: Round, name: string): Promise<Omit<RoundTold, 'round' | 'of'>> {
  const visitors = round.visits.map((visit, index) => new Visitor(network.config, `visitor ${name}.${index}`, visit));
  const giveStorageBack = round.trouble.kind === 'storage blocked' ? blockStorage() : () => undefined;
  const before = new Map<Visitor, bigint>();
  const rejections: string[] = [];
  const reject = (reason: unknown): void => void rejections.push(`nobody handled: ${String(reason)}`);
  process.on('unhandledRejection', reject);
  try {
    await inPieces(visitors, async (visitor) => {
      await network.openLegacyAccount(visitor.principal, 0.01);
      await visitor.arrive();
      visitor.legacyIds = [
        await network.placeLegacyTrade(visitor.principal, 'call', '5s', 10n),
        await network.placeLegacyTrade(visitor.principal, 'put', '10s', 5n)
      ];
      before.set(visitor, await network.legacyBalance(visitor.principal));
    });
    const endTrouble = startTrouble(network, round);
    for (const visitor of visitors) void visitor.run();
    for (let passed = 0; passed < LONGEST && visitors.some(({ done }) => !done); passed += 5 * SECOND) {
      await endTrouble.at(passed);
      await network.pass(5 * SECOND);
    }
    await endTrouble.now();
    for (const { wire } of visitors) wire.heal();
    await quiet(network, visitors);
    await network.pass(PERIOD);
    const faults: string[] = [...rejections];
    await inPieces(visitors, async (visitor) => {
      // Whatever the checks ask has to be waited for with the clocks going on.
      faults.push(...(await passing(network, broken(visitor, before.get(visitor) ?? 0n))));
    });
    for (const visitor of visitors) visitor.leave();
    // What was under way ends by being told so, or with the pause it was in (a call of the agent between two looks); nothing may begin again.
    await network.pass(MINUTE);
    if (vi.getTimerCount() > 0) faults.push(`${vi.getTimerCount()} timers are left after everybody has gone`);
    return {
      trouble: round.trouble,
      visits: visitors.length,
      requests: sum(visitors.map(({ wire }) => wire.requests)),
      faults: sum(visitors.flatMap(({ wire }) => [...wire.happened.values()])),
      orders: sum(visitors.map(({ orders }) => orders.size)),
      settled: sum(visitors.map(({ receipts, legacyReceipts }) => receipts.length + legacyReceipts.length)),
      broken: faults
    };
  } finally {
    process.off('unhandledRejection', reject);
    for (const visitor of visitors) visitor.leave();
    giveStorageBack();
  }
}

/** Until nothing is open in any journal and on any page, or patience ends; what is still open then is found by the checks. */
async function quiet(network: Network, visitors: readonly Visitor[]): Promise<void> {
  for (let passed = 0; passed < PATIENCE; passed += 30 * SECOND) {
    await network.pass(30 * SECOND);
    if (passed < 4 * MINUTE) continue;
    const open = await Promise.all(
      visitors.map(async ({ services }) => (await services.settlementHistory()).some(({ state }) => state === 'pending'))
    );
    const shown = visitors.every(({ services }) => get(services.balance).phase === 'live');
    if (shown && !open.includes(true)) return;
  }
}

interface Ending {
  /** Called with the milliseconds passed since the visits began. */
  at(passed: number): Promise<void>;
  now(): Promise<void>;
}

function startTrouble(network: Network, { trouble, troubleAfterSeconds }: Round): Ending {
  const begins = troubleAfterSeconds * SECOND;
  const ends = begins + ('seconds' in trouble ? trouble.seconds : 60) * SECOND;
  let state: 'before' | 'during' | 'after' = 'before';
  const start = async (): Promise<void> => {
    if (trouble.kind === 'stop') return network.stop(trouble.canister);
    const rule = ruleOf(network, trouble);
    if (rule !== undefined) await network.addFault(rule);
  };
  const end = async (): Promise<void> => {
    if (trouble.kind === 'stop') await network.start(trouble.canister);
    await network.clearFaults();
  };
  return {
    at: async (passed) => {
      if (state === 'before' && passed >= begins) {
        state = 'during';
        await start();
      } else if (state === 'during' && passed >= ends) {
        state = 'after';
        await end();
      }
    },
    now: async () => {
      if (state === 'during') await end();
      state = 'after';
    }
  };
}

function ruleOf({ config: { canisters } }: Network, trouble: Trouble): FaultRule | undefined {
  switch (trouble.kind) {
    case 'trap':
      return { kind: 'canister-trap', when: trouble.when, match: { method: trouble.method }, count: 5 };
    case 'out of cycles':
      return { kind: 'out-of-cycles', match: { canisterId: canisters[trouble.canister] ?? canisters.options, from: 'ingress' } };
    case 'upgrade':
      return { kind: 'canister-upgrade', on: 'message', match: { canisterId: canisters.options, from: 'ingress' }, count: 1 };
    case 'wrong certificates':
      return { kind: 'wrong-certificate', probability: 0.1 };
    case 'stale certificates':
      return { kind: 'stale-certificate', probability: 0.1, match: { endpoint: 'call' } };
    case 'skewed clock':
      return { kind: 'clock-skew', skewMs: 600_000, probability: 0.1, match: { endpoint: 'call' } };
    case 'none':
    case 'stop':
    case 'storage blocked':
      return undefined;
  }
}

/** As some browsers do in private windows: there is no database at all. */
function blockStorage(): () => void {
  const { indexedDB } = globalThis;
  Reflect.deleteProperty(globalThis, 'indexedDB');
  return () => void (globalThis.indexedDB = indexedDB);
}

/** Waits for what nothing delays; only if it hasn't ended by then do the clocks go on. */
async function passing<T>(network: Network, work: Promise<T>): Promise<T> {
  let over = false;
  const ended = work.finally(() => (over = true));
  ended.catch(() => undefined);
  await network.until(() => over, 'the checks').catch(() => undefined);
  while (!over) await network.pass(SECOND);
  return ended;
}

async function inPieces<T>(items: readonly T[], step: (item: T) => Promise<void>): Promise<void> {
  for (const item of items) await step(item);
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
