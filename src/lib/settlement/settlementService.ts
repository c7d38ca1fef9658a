import { AppError } from '../errors/AppError';
import type { Clients } from '../ic/clients';
import type { LegacySettlement } from '../options/legacy';
import type { Receipt } from '../options/types';
import { Line, type Calls } from './calls';
import type { CertifiedPrices } from './certifiedPrices';
import { openJournal, type Home, type Journal, type JournalEntry } from './journal';
import { journaled } from './journaled';
import { browserLocks, type SettlementLocks } from './locks';
import { createSettlementMetrics, type SettlementMetrics } from './metrics';
import { Resumption, type Retried } from './resumption';
import { settleLegacyPosition } from './route';
import { settlePosition } from './settle';
import { requireRequest, type SettlementRequest } from './validateSettlement';

export interface SettlementService {
  readonly metrics: SettlementMetrics;
  settle(clients: Clients, positionId: bigint): Promise<Receipt>;
  settleLegacy(clients: Clients, positionId: bigint): Promise<LegacySettlement>;
  /** Takes up everything of this person that has not ended, now. Waits for another tab that is at it. */
  retryFailed(clients: Clients): Promise<Retried>;
  /** The journal of this person, newest first: what is open, and the last 200 that ended. */
  history(clients: Clients): Promise<JournalEntry[]>;
  /**
   * From now on this person's open settlements are taken up: at once, then again and again until none is left, by one tab at a time.
   * Quiet: what fails again stays in the journal. undefined: nobody is here.
   */
  follow(clients: Clients | undefined): void;
  /** Something works again that didn't: no need to wait for the next turn. */
  nudge(): void;
  close(): void;
}

export interface SettlementOptions {
  /** Names the exchange: the options canister's id. Keeps journals and locks of different exchanges apart. */
  readonly network: string;
  /** The certified prices that the old route needs; a `PriceKeeper` fills them ahead of time. */
  readonly prices: CertifiedPrices;
  /** Asked before every attempt. false: the operators have switched this module off, see `settle` and `settleLegacy`. */
  readonly enhanced?: () => boolean;
  /** By default the browser's own database and locks. */
  readonly journal?: Journal;
  readonly locks?: SettlementLocks;
  /** After every attempt, also a resumed or failed one: figures of that home may have changed. */
  readonly onAttempt?: (home: Home) => void;
  /** Runs what the module does by itself, "resumeSettlement": so that whoever keeps a log can give it an id as a person's own actions have. */
  readonly byItself?: <T>(action: string, clients: Clients, act: (clients: Clients) => Promise<T>) => Promise<T>;
}

/**
 * Settlements as a person asks for them: checked, journaled, counted, one at a time for each position in all tabs, taken up again until they
 * have ended. With the switch off, options positions are left to the exchange's own timer and legacy ones take the old route.
 *
 * Usable without the service hub: it needs `network` and `prices` (`new CertifiedPrices(network, localStorage)`), and for every call the
 * `Clients` of whoever asks (`createClients`). Call `follow` when somebody logs in or out, and `close` at the end.
 */
export function createSettlementService(options: SettlementOptions): SettlementService {
  const { network, prices, enhanced = () => true, onAttempt = ignore, byItself = justDo } = options;
  const { journal = openJournal(network), locks = browserLocks(network) } = options;
  const metrics = createSettlementMetrics();
  const line = new Line((canister, state) => metrics.breaker(canister, state));
  const stopped = new AbortController();
  const { signal } = stopped;
  const receipts = new Running<Receipt>();
  const legacyReceipts = new Running<LegacySettlement>();

  /** One attempt. A second press, or a resumption during a press, joins the first; other tabs wait for their turn. */
  const attempt = <T>(running: Running<T>, request: SettlementRequest, pressed: boolean, run: (calls: Calls) => Promise<T>): Promise<T> => {
    const { owner, home, positionId } = request;
    return running.join(`${owner} ${home} ${positionId}`, pressed, () =>
      locks
        .hold(`satstrike.settlement ${network} ${owner} ${home} ${positionId}`, signal, () => run(line.calls({ signal, pressed })))
        .finally(() => {
          onAttempt(home);
          resumption.attempted();
        })
    );
  };

  const settle = async (clients: Clients, positionId: bigint, pressed: boolean): Promise<Receipt> => {
    const request = { home: 'options', positionId, owner: clients.principal } as const;
    requireRequest(request);
    if (!enhanced()) throw switchedOff();
    return attempt(receipts, request, pressed, (calls) =>
      journaled({
        journal,
        metrics,
        request,
        settle: () => settlePosition({ options: clients.options, calls, nowNs: () => clients.nowNs() }, request),
        describe: ({ outcome, payoutSats }) => ({ route: 'options', outcome, payout: payoutSats }),
        report: ({ expected, received }) => calls.send('options', () => clients.options.reportMismatch(positionId, expected, received))
      })
    );
  };

  const settleLegacy = async (clients: Clients, positionId: bigint, pressed: boolean): Promise<LegacySettlement> => {
    const request = { home: 'legacy', positionId, owner: clients.principal } as const;
    requireRequest(request);
    const { options: exchange, legacy } = clients;
    if (legacy === undefined) throw new AppError({ kind: 'request', code: 'no_legacy', message: 'This network has no legacy platform.' });
    return attempt(legacyReceipts, request, pressed, (calls) =>
      journaled({
        journal,
        metrics,
        request,
        settle: (notes) => {
          const route = { options: exchange, legacy, prices, calls, notes, enhanced: enhanced(), nowNs: () => clients.nowNs() };
          return settleLegacyPosition(route, request);
        },
        describe: ({ route, outcome, payoutCents }) => ({ route, outcome, payout: payoutCents }),
        report: ({ expected, received }) => calls.send('options', () => exchange.reportLegacyMismatch(positionId, expected, received))
      })
    );
  };

  const resumption = new Resumption({
    journal,
    metrics,
    locks,
    signal,
    lock: (owner) => `satstrike.settlement ${network} ${owner}`,
    again: (clients, entry, pressed) => {
      const again = (by: Clients): Promise<unknown> =>
        entry.home === 'options' ? settle(by, entry.positionId, pressed) : settleLegacy(by, entry.positionId, pressed);
      // What a person presses is an action of theirs already.
      return pressed ? again(clients) : byItself('resumeSettlement', clients, again);
    }
  });
  const away = journal.storage.subscribe((kind) => metrics.stored(kind));

  return {
    metrics,
    settle: (clients, positionId) => settle(clients, positionId, true),
    settleLegacy: (clients, positionId) => settleLegacy(clients, positionId, true),
    retryFailed: (clients) => resumption.now(clients),
    history: (clients) => journal.all(clients.principal),
    follow: (clients) => resumption.follow(clients),
    nudge: () => resumption.nudge(),
    close: () => {
      resumption.stop();
      stopped.abort();
      away();
      locks.close();
      journal.close();
    }
  };
}

/** What is under way in this page, by key. */
class Running<T> {
  readonly #running = new Map<string, Promise<T>>();

  /** @param pressed not satisfied with an attempt that was held back by an open circuit */
  async join(key: string, pressed: boolean, run: () => Promise<T>): Promise<T> {
    const already = this.#running.get(key);
    if (already !== undefined) {
      try {
        return await already;
      } catch (error) {
        if (!pressed || !(error instanceof AppError) || error.code !== 'circuit_open') throw error;
      }
    }
    const begun = run().finally(() => {
      if (this.#running.get(key) === begun) this.#running.delete(key);
    });
    this.#running.set(key, begun);
    return begun;
  }
}

function switchedOff(): AppError {
  return new AppError({
    kind: 'temporary',
    code: 'settlement_off',
    message:
      'The operators have switched settling from this page off. The exchange settles the position by itself, within minutes of its expiry.',
    canister: 'options'
  });
}

function justDo<T>(_action: string, clients: Clients, act: (clients: Clients) => Promise<T>): Promise<T> {
  return act(clients);
}

function ignore(): undefined {
  return undefined;
}
