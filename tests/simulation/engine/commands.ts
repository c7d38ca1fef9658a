// What can happen in a history, as plain data: fast-check makes it up, shrinks it and prints it. What a number means ("the second open position") is
// decided when its turn comes, so a shorter history still makes sense.
import fc from 'fast-check';
import { ledgerFaults, oracleFaults, type LedgerFault, type OracleFault } from './Surroundings.ts';
import { traders, type Person } from './world.ts';

/** A new name, or one that was used before: the n-th, and what is different this time. */
export type Name = { fresh: true } | { again: number; changed: boolean };
type Premium = 'exact' | 'one less' | 'ample' | 'payout' | 'too much';

export type Command =
  | {
      kind: 'order';
      who: Person;
      name: Name;
      contract: 'digital' | 'capped';
      direction: 'call' | 'put';
      payout: number;
      /** Of the strike, in 1 / 100,000. */
      cap: number;
      tenor: string;
      strike: { steps: number } | { offsetE8: number };
      premium: Premium;
      /** What the order of a capped option lets the treasury reserve, percent of the most it can pay now; 0: it names nothing. */
      room: number;
    }
  | { kind: 'quote'; contract: 'digital' | 'capped'; direction: 'call' | 'put'; payout: number; cap: number; tenor: string; steps: number }
  /** The n-th of all by somebody; for an even number one that is pending, by whoever placed it. */
  | { kind: 'cancel'; who: Person; nth: number }
  | { kind: 'settle'; who: Person; nth: number }
  | { kind: 'deposit'; who: Person; name: Name; sats: number; approved: boolean }
  | { kind: 'withdraw'; who: Person; name: Name; sats: number | 'all' | 'more than all'; to: 'own' | 'other' | 'exchange' | 'minter' }
  | { kind: 'fund'; name: Name; sats: number }
  | { kind: 'drain'; name: Name; sats: number | 'all' | 'more than all' }
  | { kind: 'wait'; seconds: number }
  | { kind: 'until'; second: number }
  | { kind: 'sleep'; minutes: number }
  /** Past the expiry of an open position; the exchange is stopped meanwhile if it is far. */
  | { kind: 'expiry'; nth: number }
  | { kind: 'price'; minutes: number; byPpm: number }
  /** Lets an open position's settlement price be its strike and so much. */
  | { kind: 'pin'; nth: number; byE8: number }
  | { kind: 'oracle'; fault: OracleFault }
  | { kind: 'ledger'; fault: LedgerFault }
  | { kind: 'pause' }
  | { kind: 'resume' }
  | { kind: 'settings'; change: number }
  | { kind: 'tenor'; change: number }
  | { kind: 'upgrade' }
  /** An upgrade while the ledger keeps a transfer waiting. */
  | { kind: 'midair'; who: Person; what: 'deposit' | 'withdraw'; sats: number };

const who = fc.constantFrom<Person>(...traders);
const name: fc.Arbitrary<Name> = fc.oneof(
  { weight: 5, arbitrary: fc.constant<Name>({ fresh: true }) },
  { weight: 1, arbitrary: fc.record({ again: fc.nat({ max: 5 }), changed: fc.boolean() }) }
);
const payout = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 1_000, max: 600_000 }) },
  { weight: 2, arbitrary: fc.integer({ min: 1_000, max: 3_000_000 }) },
  // -1: as much as the limit of all together leaves.
  { weight: 1, arbitrary: fc.constantFrom(-1, -1, 0, 999, 1_000, 10_000_001, Number.MAX_SAFE_INTEGER) }
);
const contract = fc.constantFrom<'digital' | 'capped'>('digital', 'capped');
const direction = fc.constantFrom<'call' | 'put'>('call', 'put');
const cap = fc.oneof(
  { weight: 9, arbitrary: fc.integer({ min: 10, max: 200 }) },
  { weight: 1, arbitrary: fc.constantFrom(0, 1_000, 50_000, 99_999, 100_000) }
);
// Short ones come to their end within a short history.
const tenor = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('1m', '1m', '5m') },
  { weight: 2, arbitrary: fc.constantFrom('4h', 'daily', 'weekly') },
  { weight: 1, arbitrary: fc.constant('2m') }
);
const steps = fc.oneof(
  { weight: 9, arbitrary: fc.integer({ min: -1, max: 2 }) },
  { weight: 1, arbitrary: fc.integer({ min: -3_000, max: 3_000 }) }
);
const strike = fc.oneof(
  { weight: 4, arbitrary: steps.map((n) => ({ steps: n })) },
  { weight: 3, arbitrary: fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }).map((offsetE8) => ({ offsetE8 })) }
);
const sats = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 1_000, max: 800_000 }) },
  { weight: 1, arbitrary: fc.constantFrom(0, 1, 11, 999, 1_000, 20_000_000, Number.MAX_SAFE_INTEGER) }
);
const outgoing = fc.oneof(
  { weight: 9, arbitrary: sats as fc.Arbitrary<number | 'all' | 'more than all'> },
  { weight: 1, arbitrary: fc.constantFrom<number | 'all' | 'more than all'>('all', 'more than all') }
);
const nth = fc.nat({ max: 6 });

type Order = Extract<Command, { kind: 'order' }>;

const order = fc.record<Order>({
  kind: fc.constant('order'),
  who,
  name,
  contract,
  direction,
  payout,
  cap,
  tenor,
  strike,
  premium: fc.constantFrom<Premium>('exact', 'one less', 'ample', 'payout', 'too much'),
  room: fc.oneof(fc.integer({ min: 101, max: 200 }), fc.constantFrom(0, 50, 100, 201))
});

/** One that is accepted unless something is in its way. */
const goodOrder = fc.record<Order>({
  kind: fc.constant('order'),
  who,
  name: fc.constant<Name>({ fresh: true }),
  contract,
  direction,
  payout: fc.integer({ min: 2_000, max: 500_000 }),
  cap: fc.integer({ min: 20, max: 150 }),
  tenor: fc.constantFrom('1m', '1m', '1m', '5m', '4h', 'daily', 'weekly'),
  strike: fc.oneof(
    fc.integer({ min: 0, max: 1 }).map((n) => ({ steps: n })),
    fc.integer({ min: -500_000_000, max: 500_000_000 }).map((offsetE8) => ({ offsetE8 }))
  ),
  premium: fc.constantFrom<Premium>('ample', 'ample', 'ample', 'exact'),
  room: fc.integer({ min: 101, max: 200 })
});

const expiry = fc.record<Extract<Command, { kind: 'expiry' }>>({ kind: fc.constant('expiry'), nth });
const pin = fc.record<Extract<Command, { kind: 'pin' }>>({
  kind: fc.constant('pin'),
  nth,
  byE8: fc.oneof(
    fc.constantFrom(0, 1, -1, 499_999, 500_000, -500_000, -500_001),
    fc.integer({ min: -6_000_000_000, max: 6_000_000_000 }),
    fc.integer({ min: -60_000_000_000, max: 60_000_000_000 })
  )
});

const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 16, arbitrary: order },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant<'quote'>('quote'), contract, direction, payout, cap, tenor, steps }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant<'cancel'>('cancel'), who, nth }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant<'settle'>('settle'), who, nth }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant<'deposit'>('deposit'),
      who,
      name,
      sats,
      approved: fc.integer({ min: 0, max: 9 }).map((n) => n > 0)
    })
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant<'withdraw'>('withdraw'),
      who,
      name,
      sats: outgoing,
      to: fc.constantFrom('own', 'own', 'own', 'other', 'exchange', 'minter')
    })
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant<'fund'>('fund'), name, sats }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant<'drain'>('drain'), name, sats: outgoing }) },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant<'wait'>('wait'), seconds: fc.integer({ min: 1, max: 130 }) }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant<'until'>('until'), second: fc.constantFrom(0, 1, 30, 31, 32, 59) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant<'sleep'>('sleep'),
      minutes: fc.oneof(fc.integer({ min: 1, max: 10 }), fc.integer({ min: 10, max: 3_000 }))
    })
  },
  { weight: 5, arbitrary: expiry },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant<'price'>('price'),
      minutes: fc.nat({ max: 2 }),
      byPpm: fc.oneof(fc.integer({ min: -3_000, max: 3_000 }), fc.integer({ min: -90_000, max: 90_000 }))
    })
  },
  { weight: 5, arbitrary: pin },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant<'oracle'>('oracle'),
      fault: fc.oneof(fc.constant<OracleFault>('none'), fc.constantFrom(...oracleFaults))
    })
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant<'ledger'>('ledger'),
      fault: fc.oneof(fc.constant<LedgerFault>('none'), fc.constantFrom(...ledgerFaults))
    })
  },
  { weight: 1, arbitrary: fc.constant<Command>({ kind: 'pause' }) },
  { weight: 3, arbitrary: fc.constant<Command>({ kind: 'resume' }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant<'settings'>('settings'), change: fc.nat({ max: 30 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant<'tenor'>('tenor'), change: fc.nat({ max: 30 }) }) },
  { weight: 1, arbitrary: fc.constant<Command>({ kind: 'upgrade' }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant<'midair'>('midair'),
      who,
      what: fc.constantFrom('deposit', 'withdraw'),
      sats: fc.integer({ min: 1_000, max: 300_000 })
    })
  }
);

/** Orders that live through everything: placed, filled, their settlement price near the strike, and settled; with something in between, perhaps. */
const trade: fc.Arbitrary<Command[]> = fc
  .tuple(fc.array(goodOrder, { minLength: 1, maxLength: 3 }), fc.option(command, { freq: 1 }), expiry, fc.option(pin, { freq: 3 }), expiry)
  .map(([orders, other, fill, price, end]) => [...orders, other, fill, price, end].filter((step) => step !== null));

/** Too late, or just in time. */
const lateCancel: fc.Arbitrary<Command[]> = fc.tuple(
  goodOrder,
  fc.record({ kind: fc.constant<'until'>('until'), second: fc.constantFrom(0, 1, 30, 59) }),
  fc.record({ kind: fc.constant<'cancel'>('cancel'), who, nth: fc.constantFrom(0, 2) })
);

/** The ledger fails during a transfer, and is well again in time for a repetition. */
const failingTransfer: fc.Arbitrary<Command[]> = fc.tuple(
  fc.record({ kind: fc.constant<'ledger'>('ledger'), fault: fc.constantFrom(...ledgerFaults) }),
  fc.oneof(
    fc.record({
      kind: fc.constant<'withdraw'>('withdraw'),
      who,
      name: fc.constant<Name>({ fresh: true }),
      sats: fc.integer({ min: 1_000, max: 300_000 }),
      to: fc.constant('own' as const)
    }),
    fc.record({
      kind: fc.constant<'deposit'>('deposit'),
      who,
      name: fc.constant<Name>({ fresh: true }),
      sats: fc.integer({ min: 1_000, max: 300_000 }),
      approved: fc.constant(true)
    })
  ),
  fc.constant<Command>({ kind: 'ledger', fault: 'none' }),
  fc.record({ kind: fc.constant<'wait'>('wait'), seconds: fc.integer({ min: 20, max: 130 }) })
);

export interface History {
  commands: Command[];
  /** Whether, at the end, everything is put in order and everybody takes out what is theirs. */
  windDown: boolean;
}

const parts = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: trade },
    { weight: 4, arbitrary: fc.tuple(command) },
    { weight: 1, arbitrary: lateCancel },
    { weight: 2, arbitrary: failingTransfer }
  ),
  { minLength: 3, maxLength: 8, size: 'max' }
);

export const histories: fc.Arbitrary<History> = fc.record({
  commands: parts.map((lists) => lists.flat()),
  windDown: fc.integer({ min: 0, max: 5 }).map((n) => n === 0)
});
