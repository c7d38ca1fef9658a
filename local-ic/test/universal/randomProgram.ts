import type { Dice } from './Dice.ts';
import { Address } from './layout.ts';
import { program, type Program } from './Program.ts';
import { add, amount, api, caller, less, load64, memorySize, stable, text, userGlobal, type Value } from './values.ts';

/** What a random program knows of the network around it. */
export interface Surroundings {
  /** Ids of the canisters it may call. */
  canisters: readonly [Uint8Array, ...Uint8Array[]];
}

/** How deep calls, callbacks and stored programs may lie in each other: what makes every network of programs come to an end. */
const MAX_DEPTH = 3;
const MAX_STEPS = 5;
const SECOND_NS = 1_000_000_000n;
/** More than this a stable memory isn't grown to, so that a long run stays small. */
const STABLE_PAGES = 4;
const HEAP_PAGES = 70;

/** What a program is for: it decides what the System API allows it. */
type Role = 'method' | 'query' | 'task';

/** Writes programs at random. Each ends by itself, whatever the canisters it meets were told to do before. */
export class RandomProgram {
  readonly #dice: Dice;
  readonly #canisters: Surroundings['canisters'];

  constructor(dice: Dice, { canisters }: Surroundings) {
    this.#dice = dice;
    this.#canisters = canisters;
  }

  /** A method: some steps, then some kind of answer. */
  method(depth = 0): Program {
    const steps = this.#steps('method', depth);
    const calls = depth < MAX_DEPTH && this.#dice.chance(50 - depth * 10);
    return calls ? this.#callAndAnswer(steps, depth) : this.#answer(steps);
  }

  /** A method of queries: it computes and answers. */
  query(): Program {
    return this.#answer(this.#steps('query', MAX_DEPTH));
  }

  /** A program of a timer, a heartbeat or a callback that has nothing to answer. */
  task(depth: number): Program {
    const steps = this.#steps('task', depth);
    if (this.#dice.chance(10)) return steps.trap('task');
    if (depth < MAX_DEPTH && this.#dice.chance(40)) return steps.callTo(this.#call(depth, program()));
    return steps;
  }

  /** A program of an installation or of canister_pre_upgrade, which can't make calls. */
  hook(): Program {
    const steps = this.#steps('task', MAX_DEPTH);
    return this.#dice.chance(10) ? steps.trap('hook') : steps;
  }

  #steps(role: Role, depth: number): Program {
    const steps = program();
    for (let count = this.#dice.below(MAX_STEPS); count >= 0; count--) this.#addStep(steps, role, depth);
    return steps;
  }

  #addStep(steps: Program, role: Role, depth: number): void {
    const dice = this.#dice;
    const address = Address.heap + 8 * dice.below(512);
    const answering = [
      () => steps.append(this.#value()),
      () => steps.append(caller),
      () => steps.append(memorySize),
      () => steps.when(api('stable64_size'), program().append(stable(dice.below(60_000), dice.below(100))))
    ];
    const changing = [
      () => steps.call('certified_data_set', text(`certified ${dice.below(1_000)}`)),
      () => this.#setTimer(steps, depth),
      () => steps.call('cycles_burn128', 0, dice.below(1_000), Address.amount)
    ];
    dice.pick<() => void>([
      () => steps.increase(address, dice.below(1_000)),
      () => steps.store64(address, this.#value()),
      () => steps.fill(Address.heap + dice.below(30_000), dice.below(256), dice.below(30_000)),
      () => steps.setGlobal(add(userGlobal, this.#value())),
      () => steps.when(less(api('stable64_size'), STABLE_PAGES), program().growStable(1)),
      () => steps.when(api('stable64_size'), program().writeStable(dice.below(65_000), text(`stable ${dice.below(1_000)}`))),
      () => steps.repeat(dice.below(2_000), program().increase(address)),
      () => steps.print(`step ${dice.below(100)}`),
      () => steps.when(less(memorySize, HEAP_PAGES), program().growMemory(1)),
      ...(role === 'task' ? [] : answering),
      ...(role === 'query' ? [] : changing),
      ...(role === 'method' ? [() => steps.evaluate(amount('msg_cycles_accept128', 0, dice.below(2_000_000)))] : [])
    ])();
  }

  /** Always in the future, so that it goes off when time is moved and not between two messages. */
  #setTimer(steps: Program, depth: number): void {
    const later = add(api('time'), SECOND_NS * BigInt(1 + this.#dice.below(100)));
    if (depth < MAX_DEPTH) steps.store('globalTimer', this.task(depth + 1));
    steps.call('global_timer_set', this.#dice.chance(10) ? 0 : later);
  }

  #value(): Value {
    const dice = this.#dice;
    return dice.pick<Value>([
      dice.below(2 ** 40),
      api('time'),
      api('canister_version'),
      api('performance_counter', 0),
      api('performance_counter', 1),
      amount('canister_cycle_balance128'),
      api('stable64_size'),
      load64(Address.heap + 8 * dice.below(512)),
      userGlobal
    ]);
  }

  #answer(steps: Program): Program {
    const kind = this.#dice.below(20);
    if (kind === 0) return steps.trap('at random');
    if (kind === 1) return steps.unreachable();
    if (kind === 2) return steps;
    if (kind === 3) return steps.reject(`no ${this.#dice.below(100)}`);
    return steps.reply(this.#value());
  }

  /** Makes one to three calls, and answers before or after them. */
  #callAndAnswer(steps: Program, depth: number): Program {
    const early = this.#dice.chance(20);
    if (early) this.#answer(steps);
    for (let count = this.#dice.below(3); count >= 0; count--) {
      steps.callTo(this.#call(depth, early ? this.task(MAX_DEPTH) : undefined));
    }
    return steps;
  }

  /** @param callback what both callbacks do; without it they answer */
  #call(depth: number, callback?: Program): Parameters<Program['callTo']>[0] {
    const dice = this.#dice;
    const method = dice.pick(['update', 'update', 'update', 'query', 'missing']);
    return {
      callee: dice.pick(this.#canisters),
      method,
      arg: method === 'query' ? this.query() : this.method(depth + 1),
      onReply: callback ?? this.method(depth + 1),
      onReject: callback ?? this.#answer(program().append(api('msg_reject_code'))),
      ...(dice.chance(50) && { onCleanup: program().increase(Address.heap, 3) }),
      ...(dice.chance(40) && { cycles: BigInt(dice.below(5_000_000)) }),
      ...(dice.chance(20) && { timeoutSeconds: 1 + dice.below(100) })
    };
  }
}
