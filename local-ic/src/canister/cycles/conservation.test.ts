import fc from 'fast-check';
import type { Principal } from '@dfinity/principal';
import { describe, expect, it } from 'vitest';
import { SECOND_NS } from '../../../test/support/network.ts';
import { forwarded, u64, type Forwarded } from '../../../test/support/relay.ts';
import { slowCall, startRelays, type RelayNetwork } from '../../../test/support/relays.ts';

const RELAYS = 3;
const INITIAL = 2_000_000_000_000n;

/** A call as it is drawn: canisters by number. */
interface Drawn {
  callee: number;
  method: string;
  amount: bigint;
  cycles: bigint;
  timeout: number | undefined;
  inner: Drawn | undefined;
}

type Step =
  | { kind: 'call'; through: number; call: Drawn }
  | { kind: 'slow'; through: number; callee: number; cycles: bigint; timeout: number | undefined }
  | { kind: 'burn'; canister: number; amount: bigint }
  | { kind: 'topUp'; canister: number; amount: bigint }
  | { kind: 'uninstall'; canister: number }
  | { kind: 'advance'; seconds: bigint };

const canister = fc.nat(RELAYS - 1);
const amount = fc.oneof(fc.bigInt(0n, 10_000n), fc.bigInt(0n, INITIAL));
const timeout = fc.option(fc.integer({ min: 0, max: 400 }), { nil: undefined });
const leaf = fc.constantFrom('take', 'take_and_trap', 'take_and_reject', 'take_in_query', 'reply_and_take', 'burn', 'missing');
const call: fc.Arbitrary<Drawn> = fc.letrec<{ call: Drawn }>((tie) => ({
  call: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.record({ callee: canister, method: leaf, amount, cycles: amount, timeout, inner: fc.constant(undefined) }),
    fc.record({
      callee: canister,
      method: fc.constantFrom('forward', 'forward_and_trap'),
      amount,
      cycles: amount,
      timeout,
      inner: tie('call')
    })
  )
})).call;
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('call' as const), through: canister, call }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('slow' as const), through: canister, callee: canister, cycles: amount, timeout }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('burn' as const), canister, amount }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('topUp' as const), canister, amount }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('uninstall' as const), canister }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('advance' as const), seconds: fc.bigInt(1n, 1_000n) }) }
);

class Run {
  readonly #network: RelayNetwork;
  readonly #ids: Principal[];
  #given: bigint;

  constructor(network: RelayNetwork, ids: Principal[]) {
    this.#network = network;
    this.#ids = ids;
    this.#given = INITIAL * BigInt(ids.length);
  }

  async take(step: Step): Promise<void> {
    const { engine } = this.#network;
    if (step.kind === 'call') void this.#network.update(this.#id(step.through), 'forward', forwarded(this.#forwarded(step.call)));
    else if (step.kind === 'slow') {
      const { cycles, timeout } = step;
      void this.#network.update(this.#id(step.through), 'forward', forwarded({ ...slowCall(this.#id(step.callee)), cycles, timeout }));
    } else if (step.kind === 'burn') await this.#network.update(this.#id(step.canister), 'burn', u64(step.amount));
    else if (step.kind === 'topUp') {
      await this.#network.topUp(this.#id(step.canister), step.amount);
      this.#given += step.amount;
    } else if (step.kind === 'uninstall') await this.#network.uninstall(this.#id(step.canister)).catch(() => undefined);
    else await engine.advance(step.seconds * SECOND_NS);
    await engine.idle();
  }

  /** Every cycle there ever was is in a balance or was consumed, once no call is open any more. */
  async check(): Promise<void> {
    await this.#network.engine.advance(2_000n * SECOND_NS);
    const sum = this.#ids.reduce((total, id) => {
      const { balance, consumed } = this.#network.engine.cycles(id);
      expect(balance).toBeGreaterThanOrEqual(0n);
      return total + balance + consumed;
    }, 0n);
    expect(sum).toBe(this.#given);
  }

  #id(index: number): Principal {
    const id = this.#ids[index];
    if (id === undefined) throw new RangeError(`There is no relay ${index}`);
    return id;
  }

  #forwarded({ callee, method, amount, cycles, timeout, inner }: Drawn): Forwarded {
    const arg = inner === undefined ? u64(amount) : forwarded(this.#forwarded(inner));
    return { callee: this.#id(callee), method, arg, cycles, timeout };
  }
}

describe('cycles', () => {
  it.each(['free', 'charged'] as const)('are neither made nor lost (%s)', async (cycles) => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const network = await startRelays({ cycles });
        const ids: Principal[] = [];
        for (let index = 0; index < RELAYS; index++) ids.push(await network.relay(INITIAL));
        const run = new Run(network, ids);
        for (const next of steps) await run.take(next);
        await run.check();
        await network.engine.close();
      }),
      { numRuns: 40, seed: 20_260_101 }
    );
  });
});
