import { Certificate, Cbor, lookupResultToBuffer } from '@dfinity/agent';
import { Principal } from '@dfinity/principal';
import { beforeEach, describe, expect, it } from 'vitest';
import type { CallResult, CanisterRecord } from '../engine/types.ts';
import { leb128, sha256, utf8 } from './bytes.ts';
import { Certifier } from './certifier.ts';
import { IngressHistory } from './ingressHistory.ts';
import { openNetworkKeys } from './keys.ts';

const CANISTER = Principal.fromText('rrkah-fqaaa-aaaaa-aaaaq-cai');
const keys = await openNetworkKeys({ seed: 'certifier' });

const record: CanisterRecord = {
  id: CANISTER,
  controllers: [keys.admin],
  certifiedData: utf8('certified'),
  moduleHash: sha256(utf8('module')),
  metadata: [{ name: 'candid:service', isPublic: true, content: utf8('service : {}') }],
  status: 'running'
};

describe('Certifier', () => {
  let now: bigint;
  let canisters: CanisterRecord[];
  let history: IngressHistory;
  let certifier: Certifier;

  beforeEach(() => {
    now = BigInt(Date.now()) * 1_000_000n;
    canisters = [record];
    history = new IngressHistory();
    const state = {
      now: () => now,
      canisters: () => canisters,
      canister: (id: Principal) => canisters.find((one) => one.id.compareTo(id) === 'eq')
    };
    certifier = new Certifier(state, keys, history);
  });

  const open = (certificate: Uint8Array) => Certificate.create({ certificate, rootKey: keys.rootKey, canisterId: CANISTER });
  const run = (id: Uint8Array, result: CallResult) => {
    const request = { id, sender: Principal.anonymous(), canisterId: CANISTER, expiry: now + 60_000_000_000n };
    return history.submit(
      request,
      () => now,
      async () => result
    ).answered;
  };

  it('makes certificates that the agent verifies, of answers, canisters and the time', async () => {
    const [replied, rejected] = [sha256(utf8('1')), sha256(utf8('2'))];
    await run(replied, { kind: 'reply', reply: utf8('reply') });
    await run(rejected, { kind: 'reject', code: 5, message: 'why', errorCode: 'IC0503' });
    const [a, b, c] = await Promise.all([
      certifier.certify([[utf8('request_status'), replied]]).then(open),
      certifier.certify([[utf8('request_status'), rejected]]).then(open),
      certifier.certify([[utf8('canister'), CANISTER.toUint8Array()]]).then(open)
    ]);
    const at = (certificate: Certificate, ...path: (string | Uint8Array)[]) => lookupResultToBuffer(certificate.lookup_path(path));
    expect(certifier.signatures).toBe(1);
    expect(at(a, 'request_status', replied, 'status')).toEqual(utf8('replied'));
    expect(at(a, 'request_status', replied, 'reply')).toEqual(utf8('reply'));
    expect(at(a, 'request_status', rejected, 'status')).toBeUndefined();
    expect(at(b, 'request_status', rejected, 'reject_code')).toEqual(leb128(5n));
    expect(at(b, 'request_status', rejected, 'reject_message')).toEqual(utf8('why'));
    expect(at(b, 'request_status', rejected, 'error_code')).toEqual(utf8('IC0503'));
    const controllers = Cbor.decode<Uint8Array[]>(at(c, 'canister', CANISTER.toUint8Array(), 'controllers') ?? new Uint8Array());
    expect(controllers).toEqual([keys.admin.toUint8Array()]);
    expect(at(c, 'canister', CANISTER.toUint8Array(), 'module_hash')).toEqual(record.moduleHash);
    expect(at(c, 'canister', CANISTER.toUint8Array(), 'metadata', 'candid:service')).toEqual(utf8('service : {}'));
    for (const certificate of [a, b, c]) expect(at(certificate, 'time')).toEqual(leb128(now));
  });

  it('signs again when something changed or time went on, not otherwise', async () => {
    await certifier.certify([]);
    await certifier.certify([]);
    expect(certifier.signatures).toBe(1);
    now += 200_000_000n;
    await certifier.certify([]);
    expect(certifier.signatures).toBe(2);
    await run(sha256(utf8('3')), { kind: 'reply', reply: new Uint8Array() });
    await certifier.certify([]);
    expect(certifier.signatures).toBe(3);
    canisters = [{ ...record, certifiedData: utf8('changed') }];
    await certifier.certify([]);
    expect(certifier.signatures).toBe(4);
  });

  it('keeps a data certificate for a second, unless the data changes', async () => {
    const dataOf = async (certificate: Uint8Array) =>
      lookupResultToBuffer((await open(certificate)).lookup_path(['canister', CANISTER.toUint8Array(), 'certified_data']));
    const first = certifier.dataCertificate(CANISTER);
    expect(await dataOf(first)).toEqual(utf8('certified'));
    now += 900_000_000n;
    expect(certifier.dataCertificate(CANISTER)).toBe(first);
    canisters = [{ ...record, certifiedData: utf8('changed') }];
    expect(await dataOf(certifier.dataCertificate(CANISTER))).toEqual(utf8('changed'));
    const second = certifier.dataCertificate(CANISTER);
    now += 1_000_000_000n;
    expect(certifier.dataCertificate(CANISTER)).not.toBe(second);
  });
});

describe('IngressHistory', () => {
  it('runs a request once, gives every copy the same answer, and forgets it when it can not come again', async () => {
    const history = new IngressHistory();
    let now = 1_000_000_000_000n;
    let runs = 0;
    const submit = (name: string) =>
      history.submit(
        { id: sha256(utf8(name)), sender: Principal.anonymous(), canisterId: CANISTER, expiry: now + 60_000_000_000n },
        () => now,
        async () => {
          runs += 1;
          return { kind: 'reply', reply: utf8(`${name} ${runs}`) };
        }
      );
    const [first, again] = [submit('a'), submit('a')];
    expect(again).toBe(first);
    await first.answered;
    expect(submit('a').result).toEqual({ kind: 'reply', reply: utf8('a 1') });
    const empty = new IngressHistory().tree;
    expect(history.tree).not.toEqual(empty);
    now += 301_000_000_000n;
    await submit('b').answered;
    expect(history.get(sha256(utf8('a')))).toBeUndefined();
    expect(history.size).toBe(1);
  });

  it('turns a fault of the network into a reject', async () => {
    const request = { id: sha256(utf8('x')), sender: Principal.anonymous(), canisterId: CANISTER, expiry: 1n };
    const broken = new IngressHistory().submit(
      request,
      () => 0n,
      () => Promise.reject(new Error('broken'))
    );
    expect(await broken.answered).toMatchObject({ kind: 'reject', code: 1, message: 'Internal error of the local network: broken' });
  });
});
