import type { CanisterFaultRule } from './canisterRules.ts';
import { fires, type RuleState } from './decide.ts';
import { FaultRuleError, parseRule } from './parseRule.ts';
import type { FaultHandle, FaultLogEntry, FaultPlan, FaultRule, Faults, NetworkFaultRule } from './types.ts';
import { isCanisterRule } from './vocabulary.ts';

const MAX_LOG = 10_000;
/** Every one is asked about every request or message. */
const MAX_RULES = 1_000;

/** A rule that is to be applied, and how many requests or messages it had seen before. */
export interface Firing<Rule extends FaultRule> {
  state: RuleState<Rule>;
  seen: number;
}

/** How one family of rules decides about a request or a message. */
export interface Question<Rule extends FaultRule> {
  /** Whether the rule is about it. */
  concerns(state: RuleState<Rule>): boolean;
  /** Whether it gets no further when the rule is applied: then later rules don't see it. */
  ends(rule: Rule): boolean;
  /** What the log says of it. */
  about: Omit<FaultLogEntry, 'index' | 'rule' | 'kind'>;
}

/** Whoever has to know when rules go. */
export interface RuleKeeper {
  removed(number: number): void;
  cleared(): void;
}

/** The rules of a network's faults with their counts, and the log of what they were applied to. */
export class RuleBook implements Faults {
  readonly seed: string;
  readonly #handles = new Map<RuleState, FaultHandle>();
  #network: RuleState<NetworkFaultRule>[] = [];
  #canister: RuleState<CanisterFaultRule>[] = [];
  #entries: FaultLogEntry[] = [];
  #applied = 0;
  #nextNumber = 1;
  readonly #keepers: RuleKeeper[] = [];

  /** @throws FaultRuleError */
  constructor(plan: FaultPlan & { seed: string }) {
    this.seed = plan.seed;
    for (const rule of plan.rules ?? []) this.add(rule);
  }

  /** The rules about requests, in the order of addition. */
  get network(): readonly RuleState<NetworkFaultRule>[] {
    return this.#network;
  }

  /** The rules about messages, in the order of addition. */
  get canister(): readonly RuleState<CanisterFaultRule>[] {
    return this.#canister;
  }

  get rules(): readonly FaultHandle[] {
    return [...this.#handles.values()];
  }

  get log(): readonly FaultLogEntry[] {
    return [...this.#entries];
  }

  /** Has somebody told from now on when rules go. */
  tell(keeper: RuleKeeper): void {
    this.#keepers.push(keeper);
  }

  add(given: FaultRule): FaultHandle {
    const rule = parseRule(given);
    if (this.#handles.size >= MAX_RULES) throw new FaultRuleError(`There are ${MAX_RULES} rules already; remove those that are done`);
    const counts = { number: this.#nextNumber, seen: 0, fired: 0 };
    this.#nextNumber += 1;
    if (isCanisterRule(rule)) {
      const state = { ...counts, rule };
      this.#canister.push(state);
      return this.#handle(state);
    }
    const state = { ...counts, rule };
    this.#network.push(state);
    return this.#handle(state);
  }

  clear(): void {
    this.#handles.clear();
    this.#network = [];
    this.#canister = [];
    for (const keeper of this.#keepers) keeper.cleared();
  }

  /** Counts a request or message for every rule that it concerns. @returns those that are to be applied, in the order of addition */
  decide<Rule extends FaultRule>(states: readonly RuleState<Rule>[], { concerns, ends, about }: Question<Rule>): Firing<Rule>[] {
    const firings: Firing<Rule>[] = [];
    for (const state of states) {
      if (!concerns(state)) continue;
      const { seen, number, rule } = state;
      const isFired = fires(state, this.seed);
      state.seen += 1;
      if (!isFired) continue;
      state.fired += 1;
      firings.push({ state, seen });
      this.#record({ rule: number, kind: rule.kind, ...about });
      if (ends(rule)) break;
    }
    return firings;
  }

  #handle(state: RuleState): FaultHandle {
    const handle: FaultHandle = {
      number: state.number,
      rule: state.rule,
      get seen() {
        return state.seen;
      },
      get fired() {
        return state.fired;
      },
      remove: () => {
        if (!this.#handles.delete(state)) return;
        this.#network = this.#network.filter((one) => one !== state);
        this.#canister = this.#canister.filter((one) => one !== state);
        for (const keeper of this.#keepers) keeper.removed(state.number);
      }
    };
    this.#handles.set(state, handle);
    return handle;
  }

  #record(entry: Omit<FaultLogEntry, 'index'>): void {
    this.#applied += 1;
    this.#entries.push({ index: this.#applied, ...entry });
    if (this.#entries.length > MAX_LOG) this.#entries.shift();
  }
}
