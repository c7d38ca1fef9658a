import 'fake-indexeddb/auto';
import { vi } from 'vitest';
import { MINUTE, startNetwork } from '../../services/support/network.ts';
import { mulberry32 } from './FaultyWire.ts';
import { playRound } from './playRound.ts';
import { rounds, type Trouble } from './schedule.ts';
import { Tally } from './Tally.ts';
import { Traffic } from './Traffic.ts';

/** Visits that go on at the same time, on one network. */
const AT_ONCE = 10;

export interface Request {
  readonly visits: number;
  readonly seed: number;
  readonly onRound?: (told: RoundTold) => void;
}

interface RoundTold {
  readonly round: number;
  readonly of: number;
  readonly trouble: Trouble;
  /** What happened in this round. */
  readonly tally: Tally;
  readonly broken: readonly string[];
}

export interface Found {
  /** What happened in all rounds together. */
  readonly tally: Tally;
  readonly broken: readonly string[];
}

/** Visits under random faults, against the real canisters; what happened, and what was broken in each round. */
export async function simulate({ visits, seed, onRound }: Request): Promise<Found> {
  const network = await startNetwork();
  const traffic = new Traffic();
  const found = { tally: new Tally(), broken: [] as string[] };
  // The agent tells on the console what it can't verify, which is what many of these faults are about.
  const said = (['warn', 'error', 'group', 'groupEnd', 'log'] as const).map((name) => vi.spyOn(console, name).mockReturnValue(undefined));
  // How long a page waits is a little random: by the seed, too.
  const random = vi.spyOn(Math, 'random').mockImplementation(mulberry32(seed));
  try {
    await network.misbehave();
    await network.pass(2 * MINUTE);
    const all = rounds(seed, visits, AT_ONCE);
    for (const [index, round] of all.entries()) {
      const { visitors, troubled, broken } = await playRound(network, traffic, round, `${seed}.${index}`);
      const tally = new Tally();
      tally.count('trouble', round.trouble.kind, troubled);
      for (const visitor of visitors) tally.add(visitor);
      found.tally.merge(tally);
      found.broken.push(...broken.map((what) => `round ${index} (${JSON.stringify(round.trouble)}): ${what}`));
      onRound?.({ round: index + 1, of: all.length, trouble: round.trouble, tally, broken });
    }
  } finally {
    for (const spy of [...said, random]) spy.mockRestore();
    traffic.close();
    await network.close();
  }
  return found;
}
