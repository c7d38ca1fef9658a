import fc from 'fast-check';

/** What somebody does on the page, or what happens to it. */
export type Step =
  | { readonly kind: 'order'; readonly direction: 'call' | 'put' }
  | { readonly kind: 'settle' | 'settleLegacy' | 'deposit' | 'withdraw' | 'retryFailed' | 'reload' | 'secondTab' }
  | { readonly kind: 'offline'; readonly seconds: number };

export const STEPS = [
  'order',
  'settle',
  'settleLegacy',
  'deposit',
  'withdraw',
  'retryFailed',
  'reload',
  'secondTab',
  'offline'
] as const satisfies readonly Step['kind'][];

/** One person's visit: the steps with the seconds before each, and how many of a hundred requests go wrong. */
export interface Visit {
  readonly seed: number;
  readonly faultyPercent: number;
  /** One of their two legacy positions has no price yet when they come: settling it is too early. */
  readonly early: boolean;
  readonly steps: readonly { readonly afterSeconds: number; readonly step: Step }[];
}

/** What happens to everybody while a round of visits goes on, for so long. */
export type Trouble = { readonly seconds: number } & (
  | { readonly kind: 'none' | 'storage blocked' | 'upgrade' | 'wrong certificates' | 'stale certificates' }
  | { readonly kind: 'wrong device clock' | 'wrong network clock'; readonly minutes: number }
  | { readonly kind: 'stop' | 'out of cycles'; readonly canister: 'options' | 'legacy' | 'ledger' }
  | { readonly kind: 'trap'; readonly method: string; readonly when: 'before' | 'after' }
);

export interface Round {
  readonly trouble: Trouble;
  readonly troubleAfterSeconds: number;
  readonly visits: readonly Visit[];
}

const plainStep = <K extends Step['kind']>(kind: K) => fc.constant({ kind });
const order = fc.record({ kind: fc.constant('order' as const), direction: fc.constantFrom('call' as const, 'put' as const) });
const anybodys = [
  { weight: 5, arbitrary: plainStep('settleLegacy') },
  { weight: 1, arbitrary: plainStep('deposit') },
  { weight: 1, arbitrary: plainStep('withdraw') },
  { weight: 1, arbitrary: plainStep('retryFailed') },
  { weight: 2, arbitrary: plainStep('reload') },
  { weight: 1, arbitrary: plainStep('secondTab') },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('offline' as const), seconds: fc.integer({ min: 5, max: 30 }) }) }
] as const;
const traders = [...anybodys, { weight: 3, arbitrary: order }, { weight: 2, arbitrary: plainStep('settle') }] as const;

const soon = fc.integer({ min: 0, max: 15 });
/** An option expires two minutes after its order at the latest, and its price is there half a minute later: some come back too early. */
const afterExpiry = fc.integer({ min: 90, max: 150 });

const steps = (kinds: readonly fc.WeightedArbitrary<Step>[], maxLength: number) =>
  fc.array(fc.record({ afterSeconds: soon, step: fc.oneof(...kinds) }), { minLength: 2, maxLength });
/** Trades, and comes back when the options have expired. */
const tradersSteps = fc
  .tuple(order, steps(traders, 6), afterExpiry, steps(anybodys, 2))
  .map(([first, others, afterSeconds, last]) => [
    { afterSeconds: 0, step: first },
    ...others,
    { afterSeconds, step: { kind: 'settle' as const } },
    ...last
  ]);

const visit: fc.Arbitrary<Visit> = fc.record({
  seed: fc.nat(),
  faultyPercent: fc.constantFrom(0, 5, 10, 20, 30, 50),
  early: fc.constantFrom(true, false, false, false, false, false),
  steps: fc.oneof({ weight: 2, arbitrary: tradersSteps }, { weight: 3, arbitrary: steps(anybodys, 7) })
});

const seconds = fc.integer({ min: 15, max: 40 });
const canister = fc.constantFrom('options' as const, 'legacy' as const, 'ledger' as const);
const minutes = fc.constantFrom(-10, 10);
const plain = <K extends Trouble['kind']>(kind: K) => fc.record({ kind: fc.constant(kind), seconds });

/** Every kind of trouble. */
export const TROUBLES = {
  none: plain('none'),
  'storage blocked': plain('storage blocked'),
  upgrade: plain('upgrade'),
  'wrong certificates': plain('wrong certificates'),
  'stale certificates': plain('stale certificates'),
  'wrong device clock': fc.record({ kind: fc.constant('wrong device clock' as const), seconds, minutes }),
  'wrong network clock': fc.record({ kind: fc.constant('wrong network clock' as const), seconds, minutes }),
  stop: fc.record({ kind: fc.constant('stop' as const), seconds, canister }),
  'out of cycles': fc.record({ kind: fc.constant('out of cycles' as const), seconds, canister }),
  trap: fc.record({
    kind: fc.constant('trap' as const),
    seconds,
    method: fc.constantFrom('settle', 'settle_legacy', 'place_order', 'recordSettlement', 'deposit', 'withdraw'),
    when: fc.constantFrom('before' as const, 'after' as const)
  })
} satisfies { [K in Trouble['kind']]: fc.Arbitrary<Trouble & { kind: K }> };

/** As many rounds of visits as asked for; the same seed gives the same ones. Each kind of trouble has its turn before one comes again. */
export function rounds(seed: number, visits: number, atOnce: number): Round[] {
  const sizes = Array.from({ length: Math.ceil(visits / atOnce) }, (_, index) => Math.min(atOnce, visits - index * atOnce));
  const kinds: readonly fc.Arbitrary<Trouble>[] = Object.values(TROUBLES);
  const { length } = kinds;
  return sizes.flatMap((size, index) => {
    const [order = kinds] = fc.sample(fc.shuffledSubarray([...kinds], { minLength: length }), {
      seed: seed + Math.floor(index / length),
      numRuns: 1
    });
    const round = fc.record({
      trouble: order[index % length] ?? TROUBLES.none,
      troubleAfterSeconds: fc.integer({ min: 0, max: 25 }),
      visits: fc.array(visit, { minLength: size, maxLength: size })
    });
    return fc.sample(round, { seed: seed + index, numRuns: 1 });
  });
}
