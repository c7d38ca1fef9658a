import { vi } from 'vitest';
import type { FaultRule } from 'local-ic';
import { MINUTE, SECOND, type Network } from '../../services/support/network.ts';
import type { Round, Trouble } from './schedule.ts';

/** What troubles everybody for a while. Times in milliseconds since the visits began. */
export interface TroubleInTime {
  /** Begins and ends it when its time has come. */
  at(passed: number): Promise<void>;
  readonly isOver: boolean;
  /** How often something went wrong because of it. */
  readonly fired: number;
  /** Ends it, if it has begun. */
  end(): Promise<void>;
}

export function createTrouble(network: Network, { trouble, troubleAfterSeconds }: Round): TroubleInTime {
  const begins = troubleAfterSeconds * SECOND;
  const ends = begins + trouble.seconds * SECOND;
  let state: 'before' | 'during' | 'after' = 'before';
  let fired = 0;
  let running: End | undefined;
  const end = async (): Promise<void> => {
    state = 'after';
    fired = (await running?.()) ?? 0;
    running = undefined;
  };
  return {
    at: async (passed) => {
      if (state === 'before' && passed >= begins) {
        state = 'during';
        running = await begin(network, trouble);
      } else if (state === 'during' && passed >= ends) await end();
    },
    get isOver() {
      return state === 'after';
    },
    get fired() {
      return fired;
    },
    end
  };
}

/** Ends what has begun; resolves with how often something went wrong because of it. */
type End = () => Promise<number>;

async function begin(network: Network, trouble: Trouble): Promise<End> {
  const { canisters } = network.config;
  switch (trouble.kind) {
    case 'none':
    case 'storage blocked':
      // The latter holds for the whole of a visit: it is how the browser was started.
      return () => Promise.resolve(1);
    case 'wrong device clock':
      vi.setSystemTime(Date.now() + trouble.minutes * MINUTE);
      return () => network.setClock().then(() => 1);
    case 'stop':
      await network.stop(trouble.canister);
      return () => network.start(trouble.canister).then(() => 1);
    case 'trap':
      return fault(network, { kind: 'canister-trap', when: trouble.when, match: { method: trouble.method }, count: 5 });
    case 'out of cycles':
      return fault(network, {
        kind: 'out-of-cycles',
        match: { canisterId: canisters[trouble.canister] ?? canisters.options, from: 'ingress' }
      });
    case 'upgrade':
      return fault(network, {
        kind: 'canister-upgrade',
        on: 'message',
        match: { canisterId: canisters.options, from: 'ingress' },
        count: 1
      });
    case 'wrong certificates':
      return fault(network, { kind: 'wrong-certificate', probability: 0.1 });
    case 'stale certificates':
      return fault(network, { kind: 'stale-certificate', probability: 0.1, match: { endpoint: 'call' } });
    case 'wrong network clock':
      return fault(network, { kind: 'clock-skew', skewMs: trouble.minutes * MINUTE, probability: 0.1, match: { endpoint: 'call' } });
  }
}

async function fault(network: Network, rule: FaultRule): Promise<End> {
  const { fired } = await network.addFault(rule);
  return async () => {
    const times = await fired();
    await network.clearFaults();
    return times;
  };
}
