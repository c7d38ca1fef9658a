import { toHex } from '../http/bytes.ts';
import type { Delivery } from '../http/HttpAnswer.ts';
import { applyFault, type Exchange, type FaultTools } from './applyFault.ts';
import { draw, endsExchange, fires, matches, type RuleState } from './decide.ts';
import type { Forger } from './Forger.ts';
import { parseRule } from './parseRule.ts';
import { Pauses } from './Pauses.ts';
import type { FaultHandle, FaultLogEntry, FaultPlan, FaultRule, Faults, RequestFacts } from './types.ts';

const MAX_LOG = 10_000;

/** A rule that is to be applied to a request, and how many requests it had seen before. */
interface Firing {
  state: RuleState;
  seen: number;
}

/** Decides for each request which faults happen to it, has them happen and keeps the log. */
export class FaultInjector implements Faults {
  readonly seed: string;
  private readonly forger: Forger;
  private readonly reportError: (error: unknown) => void;
  private readonly pauses = new Pauses();
  private active: { state: RuleState; handle: FaultHandle }[] = [];
  private entries: FaultLogEntry[] = [];
  private applied = 0;
  private nextNumber = 1;
  /** Requests that `reorder` holds back, and what lets them go. */
  private readonly held = new Map<RuleState, () => void>();

  /** @throws FaultRuleError */
  constructor(plan: FaultPlan & { seed: string }, forger: Forger, reportError: (error: unknown) => void) {
    this.seed = plan.seed;
    this.forger = forger;
    this.reportError = reportError;
    for (const rule of plan.rules ?? []) this.add(rule);
  }

  /** Whether there is any rule: without one, requests pass by all of this. */
  get isActive(): boolean {
    return this.active.length > 0;
  }

  get rules(): readonly FaultHandle[] {
    return this.active.map(({ handle }) => handle);
  }

  get log(): readonly FaultLogEntry[] {
    return [...this.entries];
  }

  add(rule: FaultRule): FaultHandle {
    const state: RuleState = { number: this.nextNumber, rule: parseRule(rule), seen: 0, fired: 0 };
    this.nextNumber += 1;
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
        this.active = this.active.filter((one) => one.state !== state);
        this.held.get(state)?.();
      }
    };
    this.active.push({ state, handle });
    return handle;
  }

  clear(): void {
    this.active = [];
    this.pauses.endAll();
  }

  /** Whether the connection of a request is to be ended before its body is read. */
  isOffline(request: RequestFacts): boolean {
    return this.decide(request, ({ rule }) => rule.kind === 'offline').length > 0;
  }

  /** Delivers a request under the rules of now. */
  async deliver(request: RequestFacts, exchange: Exchange): Promise<Delivery> {
    const overtaken = [...this.held].filter(([{ rule }]) => matches(rule.match, request)).map(([, letGo]) => letGo);
    const firings = this.decide(request, (state) => state.rule.kind !== 'offline' && !this.held.has(state));
    // The first rule is the outermost: what it does happens nearest to the client.
    const run = firings.reduceRight<Exchange>((inner, firing) => {
      return () => applyFault(firing.state.rule, inner, this.toolsFor(request, firing));
    }, exchange);
    try {
      return await run();
    } finally {
      for (const letGo of overtaken) letGo();
    }
  }

  private decide(request: RequestFacts, isConcerned: (state: RuleState) => boolean): Firing[] {
    const firings: Firing[] = [];
    for (const { state } of this.active) {
      if (!isConcerned(state) || !matches(state.rule.match, request)) continue;
      const { seen } = state;
      const isFired = fires(state, this.seed);
      state.seen += 1;
      if (!isFired) continue;
      state.fired += 1;
      firings.push({ state, seen });
      this.record(state, request);
      if (endsExchange(state.rule)) break;
    }
    return firings;
  }

  private record({ number, rule }: RuleState, { endpoint, canisterId, method, requestId }: RequestFacts): void {
    this.applied += 1;
    this.entries.push({
      index: this.applied,
      rule: number,
      kind: rule.kind,
      endpoint,
      canisterId,
      method,
      requestId: requestId && toHex(requestId)
    });
    if (this.entries.length > MAX_LOG) this.entries.shift();
  }

  private toolsFor(request: RequestFacts, { state, seen }: Firing): FaultTools {
    return {
      request,
      forger: this.forger,
      random: (purpose) => draw(this.seed, state.number, seen, purpose),
      sleep: (ms) => this.pauses.sleep(ms),
      letOthersPass: async (ms) => {
        const { over, end } = this.pauses.begin(ms);
        this.held.set(state, end);
        await over;
        if (this.held.get(state) === end) this.held.delete(state);
      },
      inBackground: (work) => void work().catch(this.reportError)
    };
  }
}
