import type { Principal } from '@dfinity/principal';
import { NetworkHalted } from '../engine/NetworkHalted.ts';
import type { CallResult } from '../engine/types.ts';
import { leb128, toHex, utf8 } from './bytes.ts';
import { directory, EMPTY, leaf, type HashTree } from './hashTree.ts';
import type { IngressJournal } from './ingressJournal.ts';
import { KEEP_ANSWER_NS } from './ingressLifetime.ts';
import type { JournaledRequest } from './journalEntry.ts';
import { removeRequest, setRequest } from './requestTree.ts';

/** An ingress update this network has accepted. */
export interface IngressRequest {
  readonly id: Uint8Array;
  readonly sender: Principal;
  readonly canisterId: Principal;
  /** Nanoseconds since 1970; until then a copy of the request would be accepted, so it must be known here. */
  readonly expiry: bigint;
  /** The answer; undefined while it runs. */
  result: CallResult | undefined;
  /** Network time of the answer. */
  answeredAt: bigint | undefined;
  /** Settles with the answer, if there ever is one; never rejects. */
  readonly answered: Promise<CallResult>;
}

type RequestFacts = Pick<IngressRequest, 'id' | 'sender' | 'canisterId' | 'expiry'>;

/**
 * The requests of the last minutes by id. It makes an update run once however often its envelope arrives, and it is the
 * `request_status` part of the state tree.
 */
export class IngressHistory {
  private readonly requests = new Map<string, IngressRequest>();
  private root: HashTree = EMPTY;
  private nextPurge = 0n;
  private readonly journal: IngressJournal | undefined;

  /** @param journal remembers the requests for the next start */
  constructor(journal?: IngressJournal) {
    this.journal = journal;
  }

  /**
   * Takes up the requests of an earlier process.
   * @param known what its journal remembered
   * @param recovered answers, given or to come, of those that the engine knows
   */
  resume(known: readonly JournaledRequest[], recovered: ReadonlyMap<string, Promise<CallResult>>, now: () => bigint): void {
    for (const request of known) this.restore(request, recovered, now);
  }

  /** All of them, as a journal keeps them. */
  entries(): JournaledRequest[] {
    return [...this.requests.values()].map(({ id, sender, canisterId, expiry, result, answeredAt }) => {
      const answer = result === undefined || answeredAt === undefined ? undefined : { result, at: answeredAt };
      return { id, sender, canisterId, expiry, answer };
    });
  }

  /** The `request_status` subtree. */
  get tree(): HashTree {
    return this.root;
  }

  get size(): number {
    return this.requests.size;
  }

  get(id: Uint8Array): IngressRequest | undefined {
    return this.requests.get(toHex(id));
  }

  /**
   * Runs a request that is not known yet, or gives the known one back.
   * @param execute starts the update; called at most once for an id
   * @throws Error when the request can't be remembered; it then doesn't run
   */
  submit(request: RequestFacts, now: () => bigint, execute: () => Promise<CallResult>): IngressRequest {
    const key = toHex(request.id);
    const known = this.requests.get(key);
    if (known !== undefined) return known;
    this.purge(now());
    this.journal?.accept({ ...request, answer: undefined }, now());
    return this.follow(request, execute(), now);
  }

  private restore({ answer, ...request }: JournaledRequest, recovered: ReadonlyMap<string, Promise<CallResult>>, now: () => bigint): void {
    const running = answer === undefined ? recovered.get(toHex(request.id)) : undefined;
    if (running !== undefined) {
      this.follow(request, running, now);
      return;
    }
    const result = answer?.result ?? INTERRUPTED;
    // Without an answer of its own it can go as soon as the envelope can't come again.
    const entry = { ...request, result, answeredAt: answer?.at ?? 0n, answered: Promise.resolve(result) };
    this.requests.set(toHex(request.id), entry);
    this.root = setRequest(this.root, request.id, statusTree(result));
  }

  /** Takes note of a request that runs, and of its answer once it is there. */
  private follow(request: RequestFacts, executed: Promise<CallResult>, now: () => bigint): IngressRequest {
    const answered = executed.catch(withoutAnswer);
    const entry: IngressRequest = { ...request, result: undefined, answeredAt: undefined, answered };
    this.requests.set(toHex(request.id), entry);
    this.root = setRequest(this.root, request.id, PROCESSING);
    void answered.then((result) => {
      entry.result = result;
      entry.answeredAt = now();
      this.journal?.answer({ ...request, answer: { result, at: entry.answeredAt } }, entry.answeredAt);
      this.root = setRequest(this.root, request.id, statusTree(result));
    });
    return entry;
  }

  /** Forgets requests that can't come again and whose answer has been there for long enough. */
  private purge(now: bigint): void {
    if (now < this.nextPurge) return;
    // A walk over everything: once a second of network time is plenty.
    this.nextPurge = now + 1_000_000_000n;
    for (const [key, { id, expiry, answeredAt }] of this.requests) {
      if (answeredAt === undefined || expiry >= now || answeredAt + KEEP_ANSWER_NS >= now) continue;
      this.requests.delete(key);
      this.root = removeRequest(this.root, id);
    }
  }
}

/**
 * The engine doesn't know a request that was accepted: either the process ended in the instant before it was handed over, or its answer could not be
 * written down. Running it again could run it twice.
 */
const INTERRUPTED: CallResult = {
  kind: 'reject',
  code: 1,
  message: 'The local network stopped when this request arrived. It is not known to have run, and does not run again.',
  errorCode: 'IC0101'
};

const PROCESSING = directory([[utf8('status'), leaf(utf8('processing'))]]);

function statusTree(result: CallResult): HashTree {
  if (result.kind === 'reply') {
    return directory([
      [utf8('status'), leaf(utf8('replied'))],
      [utf8('reply'), leaf(result.reply)]
    ]);
  }
  return directory([
    [utf8('status'), leaf(utf8('rejected'))],
    [utf8('reject_code'), leaf(leb128(BigInt(result.code)))],
    [utf8('reject_message'), leaf(utf8(result.message))],
    [utf8('error_code'), leaf(utf8(result.errorCode))]
  ]);
}

/**
 * A fault of the network itself must not leave the caller waiting: it becomes a reject that says so. Only what a halted network has run is neither done
 * nor rejected: it stays under way, until the next start has the answer.
 */
function withoutAnswer(error: unknown): CallResult | Promise<never> {
  if (error instanceof NetworkHalted) return new Promise(() => undefined);
  const message = error instanceof Error ? error.message : String(error);
  return { kind: 'reject', code: 1, message: `Internal error of the local network: ${message}`, errorCode: 'IC0101' };
}
