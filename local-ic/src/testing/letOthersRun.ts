import type { Engine } from '../engine/types.ts';

/** For how long answers may follow each other before the rest of the process gets a turn. */
const SLICE_MS = 8;

// Those of the machine, taken at once: a test that replaces timers by false ones waits for its canisters all the same.
const nextTurn = setImmediate;
const now = performance.now.bind(performance);

/** How a program in the process makes calls and waits for them. */
type Calls = Pick<Engine, 'update' | 'query' | 'report'>;

/**
 * The calls of an engine, for whoever waits for the answers. An engine answers without waiting for anything, so a program that makes one call after
 * the other, or asks until something has happened, would keep its process from all else: timers, sockets, checkpoints. Now and then an answer lets
 * those go first. When a call runs doesn't change, so runs repeat.
 */
export function letOthersRun(engine: Calls): Calls {
  let turn = now();
  const answered = async <T>(answer: Promise<T>): Promise<T> => {
    try {
      return await answer;
    } finally {
      if (now() - turn > SLICE_MS) {
        await new Promise<void>((resolve) => nextTurn(resolve));
        turn = now();
      }
    }
  };
  return {
    update: (call) => answered(engine.update(call)),
    query: (call) => answered(engine.query(call)),
    report: (call, kind) => answered(engine.report(call, kind))
  };
}
