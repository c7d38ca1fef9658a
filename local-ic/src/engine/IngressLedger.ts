import { crc32 } from 'node:zlib';
import { encodePlain } from '../persistence/plainData.ts';
import type { NetworkHalted } from './NetworkHalted.ts';
import type { CallResult } from './types.ts';

interface OpenCall {
  requestId: string | undefined;
  answered: Promise<CallResult>;
  settle: (result: CallResult) => void;
  fail: (reason: NetworkHalted) => void;
}

/** The calls from outside that aren't answered yet, and the answers of the running round, which wait for its end. */
export class IngressLedger {
  readonly #open = new Map<number, OpenCall>();
  #nextId = 0;
  #answers: { ingressId: number; result: CallResult }[] = [];

  /** The id the next call gets. */
  get nextId(): number {
    return this.#nextId;
  }

  /** Takes note of a call. @returns its answer, once the round that gives it is over */
  open(ingressId: number, requestId: string | undefined): Promise<CallResult> {
    const { promise, resolve, reject } = Promise.withResolvers<CallResult>();
    // Of a call that an earlier process took in nobody may wait for the answer.
    promise.catch(() => undefined);
    this.#open.set(ingressId, { requestId, answered: promise, settle: resolve, fail: reject });
    this.#nextId = Math.max(this.#nextId, ingressId + 1);
    return promise;
  }

  /** Keeps the answer until the round is over. */
  answer(ingressId: number, result: CallResult): void {
    this.#answers.push({ ingressId, result });
  }

  /** A checksum of the answers of the running round. */
  checksum(): number {
    return this.#answers.length === 0 ? 0 : crc32(encodePlain(this.#answers));
  }

  /** Hands the round's answers out. @param halted why nobody gets one */
  release(halted?: NetworkHalted): void {
    const answers = this.#answers;
    this.#answers = [];
    for (const { ingressId, result } of answers) {
      const call = this.#open.get(ingressId);
      if (halted === undefined) call?.settle(result);
      else call?.fail(halted);
      this.#open.delete(ingressId);
    }
  }

  /** What a checkpoint needs to know of it, between two rounds. */
  capture(): { nextId: number; open: [number, string | undefined][] } {
    return { nextId: this.#nextId, open: [...this.#open].map(([id, { requestId }]) => [id, requestId]) };
  }

  restore({ nextId, open }: ReturnType<IngressLedger['capture']>): void {
    for (const [id, requestId] of open) this.open(id, requestId);
    this.#nextId = nextId;
  }

  /** The answers, given or to come, of the signed requests that are noted now. */
  signedRequests(): Map<string, Promise<CallResult>> {
    const requests = [...this.#open.values()].flatMap(({ requestId, answered }) =>
      requestId === undefined ? [] : [{ requestId, answered }]
    );
    return new Map(requests.map(({ requestId, answered }) => [requestId, answered]));
  }
}
