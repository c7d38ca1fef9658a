import fc from 'fast-check';

/** What somebody does on the page, or what happens to it. */
export type Step =
  | { readonly kind: 'order'; readonly direction: 'call' | 'put' }
  | { readonly kind: 'settle' | 'settleLegacy' | 'deposit' | 'withdraw' | 'retryFailed' | 'reload' | 'secondTab' }
  | { readonly kind: 'offline'; readonly seconds: number };

/** One person's visit: the steps with the seconds before each, and how many of a hundred requests go wrong. */
export interface Visit {
  readonly seed: number;
  readonly faultyPercent: number;
  readonly steps: readonly { readonly afterSeconds: number; readonly step: Step }[];
}

/** What happens to the network while a round of visits goes on. */
export type Trouble =
  | { readonly kind: 'none' | 'storage blocked' | 'upgrade' | 'wrong certificates' | 'stale certificates' | 'skewed clock' }
  | { readonly kind: 'stop' | 'out of cycles'; readonly canister: 'options' | 'legacy' | 'ledger'; readonly seconds: number }
  | { readonly kind: 'trap'; readonly method: string; readonly when: 'before' | 'after' };

export interface Round {
  readonly trouble: Trouble;
  readonly troubleAfterSeconds: number;
  readonly visits: readonly Visit[];
}

const always = <K extends Step['kind']>(kind: K) => fc.constant({ kind });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('order' as const), direction: fc.constantFrom('call' as const, 'put' as const) }) },
  { weight: 4, arbitrary: always('settle') },
  { weight: 5, arbitrary: always('settleLegacy') },
  { weight: 1, arbitrary: always('deposit') },
  { weight: 1, arbitrary: always('withdraw') },
  { weight: 1, arbitrary: always('retryFailed') },
  { weight: 2, arbitrary: always('reload') },
  { weight: 1, arbitrary: always('secondTab') },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('offline' as const), seconds: fc.integer({ min: 5, max: 60 }) }) }
);

const visit: fc.Arbitrary<Visit> = fc.record({
  seed: fc.nat(),
  faultyPercent: fc.constantFrom(0, 5, 10, 20, 30, 50),
  steps: fc.array(fc.record({ afterSeconds: fc.integer({ min: 0, max: 50 }), step }), { minLength: 3, maxLength: 9 })
});

const seconds = fc.integer({ min: 20, max: 120 });
const canister = fc.constantFrom('options' as const, 'legacy' as const, 'ledger' as const);
const trouble: fc.Arbitrary<Trouble> = fc.oneof(
  fc.constantFrom<Trouble>(
    { kind: 'none' },
    { kind: 'storage blocked' },
    { kind: 'upgrade' },
    { kind: 'wrong certificates' },
    { kind: 'stale certificates' },
    { kind: 'skewed clock' }
  ),
  fc.record({ kind: fc.constantFrom('stop' as const, 'out of cycles' as const), canister, seconds }),
  fc.record({
    kind: fc.constant('trap' as const),
    method: fc.constantFrom('settle', 'settle_legacy', 'place_order', 'recordSettlement', 'deposit', 'withdraw'),
    when: fc.constantFrom('before' as const, 'after' as const)
  })
);

/** As many rounds of visits as asked for; the same seed gives the same ones. */
export function rounds(seed: number, visits: number, atOnce: number): Round[] {
  const sizes = Array.from({ length: Math.ceil(visits / atOnce) }, (_, index) => Math.min(atOnce, visits - index * atOnce));
  return sizes.flatMap((size, index) => {
    const round = fc.record({
      trouble,
      troubleAfterSeconds: fc.integer({ min: 0, max: 120 }),
      visits: fc.array(visit, { minLength: size, maxLength: size })
    });
    return fc.sample(round, { seed: seed + index, numRuns: 1 });
  });
}
