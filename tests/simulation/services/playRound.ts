import { vi } from 'vitest';
import { MINUTE, SECOND, type Network } from '../../services/support/network.ts';
import { Guest, PRICED } from './Guest.ts';
import type { Round } from './schedule.ts';
import type { Traffic } from './Traffic.ts';
import { createTrouble } from './trouble.ts';
import { Visitor } from './Visitor.ts';

const STEP = 5 * SECOND;

export interface Played {
  readonly visitors: readonly Visitor[];
  /** How often something went wrong because of the round's trouble. */
  readonly troubled: number;
  readonly broken: readonly string[];
}

/** A round of visits on one network: everybody comes, does what they do, and is looked at when their faults are over and nothing is open any more. */
export async function playRound(network: Network, traffic: Traffic, round: Round, name: string): Promise<Played> {
  const visitors = round.visits.map((visit, index) => new Visitor(network.config, traffic, `visitor ${name}.${index}`, visit));
  const pass = (ms: number, stepMs = STEP): Promise<void> => network.pass(ms, { stepMs, settled: () => traffic.settled() });
  const trouble = createTrouble(network, round);
  const giveStorageBack = round.trouble.kind === 'storage blocked' ? blockStorage() : () => undefined;
  const faults: string[] = [];
  const reject = (reason: unknown): void => void faults.push(`nobody handled: ${String(reason)}`);
  process.on('unhandledRejection', reject);
  try {
    for (const visitor of visitors) await openLegacy(network, visitor);
    // Nobody has a page open: the time costs nothing.
    await pass(PRICED, 30 * SECOND);
    let guests: Guest[] = [];
    for (const visitor of visitors) {
      if (visitor.visit.early) await placeLegacy(network, visitor, '10s');
      await visitor.arrive();
      guests.push(new Guest(visitor, await network.legacyBalance(visitor.principal)));
    }
    for (const visitor of visitors) void visitor.run();
    for (let passed = 0; guests.length > 0; passed += STEP) {
      await trouble.at(passed);
      await pass(STEP);
      const staying: Guest[] = [];
      for (const guest of guests) {
        if (!(await guest.isThrough(passed, trouble.isOver))) staying.push(guest);
        else {
          faults.push(...(await passing(traffic, pass, guest.broken())));
          guest.visitor.leave();
        }
      }
      guests = staying;
    }
    // What was under way ends by being told so, or with the pause it was in (a call of the agent between two looks); nothing may begin again.
    await pass(MINUTE);
    if (vi.getTimerCount() > 0) faults.push(`${vi.getTimerCount()} timers are left after everybody has gone`);
    return { visitors, troubled: trouble.fired, broken: faults };
  } finally {
    process.off('unhandledRejection', reject);
    await trouble.end();
    for (const visitor of visitors) visitor.leave();
    giveStorageBack();
  }
}

/** Money and two positions on the old platform; one, if the other is to be there too early. */
async function openLegacy(network: Network, visitor: Visitor): Promise<void> {
  await network.openLegacyAccount(visitor.principal, 0.01);
  await placeLegacy(network, visitor, '5s');
  if (!visitor.visit.early) await placeLegacy(network, visitor, '10s');
}

async function placeLegacy(network: Network, { principal, legacyIds }: Visitor, expiry: '5s' | '10s'): Promise<void> {
  const [direction, contracts] = expiry === '5s' ? (['call', 10n] as const) : (['put', 5n] as const);
  legacyIds.push(await network.placeLegacyTrade(principal, direction, expiry, contracts));
}

/** As some browsers do in private windows: there is no database at all. */
function blockStorage(): () => void {
  const { indexedDB } = globalThis;
  Reflect.deleteProperty(globalThis, 'indexedDB');
  return () => void (globalThis.indexedDB = indexedDB);
}

/** Waits for what nothing delays; only if it hasn't ended by then do the clocks go on. */
async function passing<T>(traffic: Traffic, pass: (ms: number) => Promise<void>, work: Promise<T>): Promise<T> {
  let over = false;
  const ended = work.finally(() => (over = true));
  ended.catch(() => undefined);
  for (;;) {
    await traffic.settled();
    if (over) return ended;
    await pass(SECOND);
  }
}
