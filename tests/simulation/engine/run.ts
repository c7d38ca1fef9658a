// Histories, as many as asked for, from one seed; the shortest one that breaks an invariant, if any does.
import fc from 'fast-check';
import { histories, type History } from './commands.ts';
import { text } from './compare.ts';
import { execute, windDown } from './execute.ts';
import { Ambiguous } from './model/exact.ts';
import type { Position } from './model/Position.ts';
import { Simulation, Violation } from './Simulation.ts';
import { prepare, type Module, type Stage } from './world.ts';

export interface Request {
  runs: number;
  seed: number;
  /** Leads straight to a run and its shrunk history, as fast-check prints it. */
  path?: string;
  /** Without: the first history that fails is not made shorter. */
  shrink?: boolean;
  /** Called after each history, shrinking included. */
  onHistory?: (done: number) => void;
  /** No further history begins after this many milliseconds. */
  withinMs?: number;
}

export interface Outcome {
  failed: boolean;
  /** Histories that were run until the first failure. */
  runs: number;
  /** Where the failure is, for `path`. */
  path: string;
  /** What was violated, and the commands that lead there. */
  report: string;
  tally: Tally;
}

/** How often things happened that all this is about: histories in which nothing does prove nothing. */
interface Tally {
  orders: number;
  filled: number;
  wins: number;
  ties: number;
  losses: number;
  cancelled: number;
}

function count(tally: Tally, positions: Position[]): void {
  const of = (is: (row: Position) => boolean): number => positions.filter(is).length;
  tally.orders += positions.length;
  tally.filled += of((row) => row.fill !== undefined);
  tally.wins += of((row) => row.receipt?.outcome === 'win');
  tally.ties += of((row) => row.receipt?.outcome === 'tie');
  tally.losses += of((row) => row.receipt?.outcome === 'loss');
  tally.cancelled += of((row) => row.state === 'cancelled');
}

async function live(stage: Stage, { commands, windDown: isToEnd }: History, tally: Tally): Promise<void> {
  const world = await stage.fork();
  try {
    const simulation = await Simulation.begin(world);
    for (const command of commands) await execute(simulation, command);
    if (isToEnd) await windDown(simulation);
    count(tally, simulation.model.positions);
  } catch (error) {
    // No verdict: about one history in a million.
    if (error instanceof Ambiguous) return;
    throw error;
  } finally {
    await world.ic.close();
  }
}

/** A violation says all there is to say; anything else is a surprise and comes with its place. */
function reasonOf(error: unknown): string {
  if (error instanceof Violation) return `Violation: ${error.message}`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** Runs histories against a module of the options canister. */
export async function simulate(module: Module, { runs, seed, path, shrink = true, onHistory, withinMs }: Request): Promise<Outcome> {
  const stage = await prepare(module);
  let done = 0;
  const tally: Tally = { orders: 0, filled: 0, wins: 0, ties: 0, losses: 0, cancelled: 0 };
  try {
    const property = fc.asyncProperty(histories, async (history) => {
      try {
        await live(stage, history, tally);
      } finally {
        done += 1;
        onHistory?.(done);
      }
    });
    const details = await fc.check(property, {
      numRuns: runs,
      seed,
      ...(path === undefined ? {} : { path }),
      ...(withinMs === undefined ? {} : { interruptAfterTimeLimit: withinMs, markInterruptAsFailure: false }),
      endOnFailure: !shrink
    });
    const { counterexample, errorInstance, counterexamplePath } = details;
    const commands = counterexample?.[0].commands.map((command) => `  ${text(command)}`) ?? [];
    const reason = reasonOf(errorInstance);
    const report = details.failed ? `${reason}\nafter:\n${commands.join('\n')}` : '';
    const until = details.failed ? Number((counterexamplePath ?? '0').split(':')[0]) + 1 : details.numRuns;
    return { failed: details.failed, runs: until, path: counterexamplePath ?? '', report, tally };
  } finally {
    await stage.close();
  }
}
