import { createClients } from '../../../src/lib/ic/clients';
import { MINUTE, SECOND, type Network } from '../../services/support/network.ts';
import { identityOf } from '../../services/support/people.ts';
import { FaultyWire } from '../../simulation/services/FaultyWire.ts';
import { median, type Row } from '../measure.ts';
import type { Clock } from './Clock.ts';
import { HubPage } from './HubPage.ts';
import { PlainPage } from './PlainPage.ts';
import type { SettlingPage } from './SettlingPage.ts';
import { winningPositions, type Winnings } from './winningPositions.ts';

const FAULTY_PERCENT = [0, 10, 30] as const;
const PEOPLE = 6;
const POSITIONS_EACH = 10;
/** Between two presses of one person. */
const PRESS_MS = 3 * SECOND;
/** The longest anybody waits; requests fail all that time. */
const WINDOW = 10 * MINUTE;
const KINDS = ['hub', 'plain'] as const;
const PLAIN = 'one attempt, re-sent unread';

type Kind = (typeof KINDS)[number];

/** Somebody who settles their positions one after another while requests fail. */
interface Settler {
  readonly name: string;
  readonly kind: Kind;
  readonly faultyPercent: number;
  readonly page: SettlingPage;
  readonly pressedAt: Map<bigint, number>;
  /** Every second page is closed and opened again once all is pressed. */
  readonly reloads: boolean;
  readonly satsBefore: bigint;
}

interface Result {
  readonly latencySeconds: number[];
  readonly positions: number;
  readonly known: number;
  readonly paidAgain: number;
}

/** Legacy positions on a platform that pays as often as it is asked: this project's settlement module and the plain way, under the same faults. */
export async function settlements(network: Network, clock: Clock): Promise<Row[]> {
  const plan = FAULTY_PERCENT.flatMap((faultyPercent) =>
    KINDS.flatMap((kind) =>
      Array.from({ length: PEOPLE }, (_, index) => ({ kind, faultyPercent, index, name: `${kind} ${index} at ${faultyPercent} %` }))
    )
  );
  const timed = KINDS.map((kind) => `timed ${kind}`);
  const names = [...plan.map(({ name }) => name), ...timed];
  for (const name of names) await network.openLegacyAccount(principalOf(name), 1);
  const won = await winningPositions(network, clock, names, POSITIONS_EACH);
  const measured = await milliseconds(network, timed, won);

  const settlers: Settler[] = [];
  for (const { kind, faultyPercent, index, name } of plan) {
    // The same faults for both kinds: they follow from the seed and the number of requests before.
    const { fetch } = new FaultyWire(20_261_128 + index, faultyPercent);
    const page = openPage(network, kind, name, fetch, won);
    const satsBefore = await network.legacyBalance(principalOf(name));
    settlers.push({ name, kind, faultyPercent, page, pressedAt: new Map(), reloads: index % 2 === 1, satsBefore });
  }
  await pressAll(clock, settlers, won);
  const rows = [...measured];
  for (const percent of FAULTY_PERCENT) {
    const of = (kind: Kind): Promise<Result> =>
      resultOf(
        network,
        settlers.filter((settler) => settler.kind === kind && settler.faultyPercent === percent),
        won
      );
    rows.push(...rowsOf(percent, await of('hub'), await of('plain')));
  }
  return rows;
}

async function pressAll(clock: Clock, settlers: Settler[], { ids }: Winnings): Promise<void> {
  const started = Date.now();
  for (let turn = 0; turn < POSITIONS_EACH; turn += 1) {
    for (const { name, page, pressedAt } of settlers) {
      const id = ids.get(name)?.[turn] ?? 0n;
      pressedAt.set(id, Date.now());
      void page.press(id);
    }
    await clock.rest();
    await clock.go(PRESS_MS, 250);
  }
  for (const { page, reloads } of settlers) if (reloads) page.reload();
  await clock.go(MINUTE, 250);
  await clock.go(started + WINDOW - Date.now(), SECOND);
  for (const { page } of settlers) {
    await page.look();
    page.close();
  }
}

async function resultOf(network: Network, settlers: Settler[], { result }: Winnings): Promise<Result> {
  const payoutSats = Number(result.payoutCents * 100_000_000n) / Number(result.priceCents);
  const latencySeconds: number[] = [];
  let [known, paidAgain] = [0, 0];
  for (const { name, page, pressedAt, satsBefore } of settlers) {
    for (const [id, pressed] of pressedAt) {
      const learned = page.settled.get(id);
      if (learned !== undefined) known += 1;
      latencySeconds.push(((learned ?? pressed + WINDOW) - pressed) / SECOND);
    }
    const paid = Math.round(Number((await network.legacyBalance(principalOf(name))) - satsBefore) / payoutSats);
    const { legacy } = createClients({ config: network.config, identity: identityOf(name) });
    const positions = (await legacy?.getPositions(principalOf(name))) ?? [];
    paidAgain += paid - positions.filter(({ id, state }) => pressedAt.has(id) && state.kind === 'settled').length;
  }
  return { latencySeconds, positions: latencySeconds.length, known, paidAgain };
}

function rowsOf(percent: number, hub: Result, plain: Result): Row[] {
  const row = (what: string, unit: string, figure: (result: Result) => number): Row => ({
    what: `${percent} % of requests fail: ${what}`,
    value: figure(hub),
    unit,
    comparedWith: PLAIN,
    other: figure(plain)
  });
  return [
    row(`settled, and the page knows it, of ${hub.positions}`, '%', ({ known, positions }) => (known * 100) / positions),
    row(`paid again, of ${hub.positions}`, 'times', ({ paidAgain }) => paidAgain),
    row('settle latency p50, network clock', 's', ({ latencySeconds }) => percentile(latencySeconds, 0.5)),
    row('settle latency p99, network clock', 's', ({ latencySeconds }) => percentile(latencySeconds, 0.99))
  ];
}

/** What the machine itself needs: one settlement after another, nothing fails, the clock stands still. */
async function milliseconds(network: Network, names: string[], won: Winnings): Promise<Row[]> {
  const times: Record<Kind, number[]> = { hub: [], plain: [] };
  const pages = KINDS.map((kind, index) => {
    const name = names[index] ?? '';
    return { kind, ids: won.ids.get(name) ?? [], page: openPage(network, kind, name, globalThis.fetch, won) };
  });
  for (let turn = 0; turn < POSITIONS_EACH; turn += 1) {
    for (const { kind, ids, page } of pages) {
      const start = performance.now();
      await page.press(ids[turn] ?? 0n);
      // The first one also fetches the network's keys.
      if (turn > 0) times[kind].push(performance.now() - start);
    }
  }
  for (const { page } of pages) page.close();
  const row = (what: string, figure: (times: number[]) => number): Row => ({
    what: `a settlement on this machine, nothing fails: ${what}`,
    value: figure(times.hub),
    unit: 'ms',
    comparedWith: PLAIN,
    other: figure(times.plain)
  });
  return [row('median', median), row('slowest', (all) => Math.max(...all))];
}

function openPage({ config }: Network, kind: Kind, name: string, fetcher: typeof fetch, { result }: Winnings): SettlingPage {
  return kind === 'hub' ? new HubPage(config, name, fetcher) : new PlainPage(config, name, fetcher, result);
}

function principalOf(name: string): string {
  return identityOf(name).getPrincipal().toText();
}

/** The smallest value that this share of all doesn't exceed. */
function percentile(values: number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN;
}
