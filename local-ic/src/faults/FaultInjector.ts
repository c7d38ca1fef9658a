import { toHex } from '../http/bytes.ts';
import type { Delivery } from '../http/HttpAnswer.ts';
import { applyFault, type Exchange, type FaultTools } from './applyFault.ts';
import { draw, endsExchange, matches, type RuleState } from './decide.ts';
import type { Forger } from './Forger.ts';
import { Pauses } from './Pauses.ts';
import type { Firing, RuleBook } from './RuleBook.ts';
import type { NetworkFaultRule, RequestFacts } from './types.ts';

type State = RuleState<NetworkFaultRule>;

/** Decides for each request to the network's interface which faults happen to it, and has them happen. */
export class FaultInjector {
  private readonly book: RuleBook;
  private readonly forger: Forger;
  private readonly reportError: (error: unknown) => void;
  private readonly now: () => bigint;
  private readonly pauses = new Pauses();
  /** Requests that `reorder` holds back, and what lets them go. */
  private readonly held = new Map<State, () => void>();

  constructor(book: RuleBook, forger: Forger, now: () => bigint, reportError: (error: unknown) => void) {
    this.book = book;
    this.forger = forger;
    this.now = now;
    this.reportError = reportError;
    book.tell({
      removed: (number) => [...this.held].find(([state]) => state.number === number)?.[1](),
      cleared: () => this.pauses.endAll()
    });
  }

  /** Whether there is any rule: without one, requests pass by all of this. */
  get isActive(): boolean {
    return this.book.network.length > 0;
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

  private decide(request: RequestFacts, isConcerned: (state: State) => boolean): Firing<NetworkFaultRule>[] {
    const { endpoint, canisterId, method, requestId } = request;
    return this.book.decide(this.book.network, {
      concerns: (state) => isConcerned(state) && matches(state.rule.match, request),
      ends: endsExchange,
      about: { endpoint, canisterId, method, requestId: requestId && toHex(requestId) }
    });
  }

  private toolsFor(request: RequestFacts, { state, seen }: Firing<NetworkFaultRule>): FaultTools {
    return {
      request,
      forger: this.forger,
      now: this.now,
      random: (purpose) => draw(this.book.seed, state.number, seen, purpose),
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
