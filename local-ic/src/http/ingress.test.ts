import { Cbor } from '@dfinity/agent';
import { Principal } from '@dfinity/principal';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CallResult, CanisterRecord } from '../engine/types.ts';
import { sha256, utf8 } from './bytes.ts';
import { Certifier } from './certifier.ts';
import type { CallContent, Envelope } from './envelope.ts';
import { callCanister } from './ingress.ts';
import { IngressHistory } from './ingressHistory.ts';
import { openNetworkKeys } from './keys.ts';

const CANISTER = Principal.fromText('rrkah-fqaaa-aaaaa-aaaaq-cai');
const NOW = 1_700_000_000_000_000_000n;
const keys = await openNetworkKeys({ seed: 'ingress' });

const record: CanisterRecord = {
  id: CANISTER,
  controllers: [],
  certifiedData: new Uint8Array(),
  moduleHash: sha256(),
  metadata: [],
  status: 'running'
};
const content: CallContent = {
  type: 'call',
  sender: Principal.anonymous(),
  canisterId: CANISTER,
  method: 'm',
  arg: new Uint8Array(),
  nonce: undefined,
  ingressExpiry: NOW + 1n
};
const envelope: Envelope<CallContent> = {
  content,
  requestId: sha256(utf8('id')),
  senderPubkey: undefined,
  senderSig: undefined,
  senderDelegation: undefined
};

/** A network on which every update waits until the test answers it. */
function network() {
  const running: ((result: CallResult) => void)[] = [];
  const engine = {
    now: () => NOW,
    canister: (): CanisterRecord => record,
    canisters: () => [record],
    refuse: (): CallResult | undefined => undefined,
    submit: () => new Promise<CallResult>((resolve) => running.push(resolve))
  };
  const history = new IngressHistory();
  return { running, history, parts: { engine, history, certifier: new Certifier(engine, keys, history) } };
}

describe('callCanister', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('waits for the answer, ten seconds, then has the client poll for it', async () => {
    const { running, history, parts } = network();
    const slow = callCanister(parts, envelope, 'sync');
    await vi.advanceTimersByTimeAsync(9_999);
    expect(await Promise.race([slow, 'waiting'])).toBe('waiting');
    await vi.advanceTimersByTimeAsync(1);
    expect(await slow).toEqual({ status: 202 });
    running[0]?.({ kind: 'reply', reply: utf8('late') });
    await history.get(envelope.requestId)?.answered;
    expect(await callCanister(parts, envelope, 'sync')).toMatchObject({ status: 200 });
    expect(running).toHaveLength(1);
  });

  it('answers copies that come while it runs, all with the one execution', async () => {
    const { running, parts } = network();
    const copies = [callCanister(parts, envelope, 'sync'), callCanister(parts, envelope, 'sync'), callCanister(parts, envelope, 'async')];
    running[0]?.({ kind: 'reply', reply: utf8('once') });
    const [first, second, third] = await Promise.all(copies);
    expect(first).toMatchObject({ status: 200 });
    expect(second).toEqual(first);
    expect(third).toEqual({ status: 202 });
    expect(running).toHaveLength(1);
  });

  it('takes nothing in that the network refuses', async () => {
    const { running, history, parts } = network();
    parts.engine.refuse = () => ({ kind: 'reject', code: 5, message: 'stopped', errorCode: 'IC0508' });
    const sync = await callCanister(parts, envelope, 'sync');
    const async = await callCanister(parts, envelope, 'async');
    const refusal = { reject_code: 5, error_code: 'IC0508', reject_message: 'stopped' };
    expect(Cbor.decode('body' in sync ? sync.body : new Uint8Array())).toMatchObject({ status: 'non_replicated_rejection', ...refusal });
    expect(Cbor.decode('body' in async ? async.body : new Uint8Array())).toMatchObject(refusal);
    expect(running).toHaveLength(0);
    expect(history.size).toBe(0);
  });
});
