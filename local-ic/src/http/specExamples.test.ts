import { createHash } from 'node:crypto';
import { encode } from '@dfinity/cbor';
import { bls12_381 } from '@noble/curves/bls12-381';
import { describe, expect, it } from 'vitest';
import { lookup, type Lookup } from '../../test/support/lookup.ts';
import { concat, leb128, sha256, toHex, utf8 } from './bytes.ts';
import { decodeCbor, type CborMap, type CborValue } from './cbor.ts';
import { parseCallEnvelope } from './envelope.ts';
import { EMPTY, fork, hashOf, labeled, leaf, type HashTree } from './hashTree.ts';
import { openNetworkKeys } from './keys.ts';
import { hashOfMap } from './requestId.ts';
import { checkSignature } from './signatures.ts';
import { witness, type EncodedTree } from './witness.ts';

/** The examples of the IC interface specification (https://internetcomputer.org/docs/references/ic-interface-spec), chapter by chapter. */

const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex.replace(/\s/g, ''), 'hex'));
const latin1 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));

describe('CBOR', () => {
  it('82 61 61 a1 61 62 61 63 is ["a", {"b": "c"}]', () => {
    expect(decodeCbor(bytes('82 61 61 a1 61 62 61 63'))).toEqual(['a', new Map([['b', 'c']])]);
  });

  it('reads the typical request, and says what that one lacks by today’s rules', () => {
    const content = { request_type: 'call', canister_id: bytes('ABCD01'), method_name: 'say_hello', arg: bytes('0061736d01000000') };
    const signature = bytes('DEADBEEF');
    const pubkey = bytes('b7a3c12dc0c8c748ab07525b701122b88bd78f600c76342d27f25e5f92444cde');
    const request = concat(bytes('d9d9f7'), encode({ content, sender_sig: signature, sender_pubkey: pubkey }));
    expect(decodeCbor(request)).toEqual(
      new Map<string, CborValue>([
        ['content', new Map<string, CborValue>(Object.entries(content))],
        ['sender_sig', signature],
        ['sender_pubkey', pubkey]
      ])
    );
    expect(() => parseCallEnvelope(request, 'call')).toThrow('Malformed request: missing field `content.sender`');
  });
});

describe('signatures', () => {
  it('tells a WebAuthn key by the DER wrapping of its COSE key, and says that it is not supported', () => {
    const wrapped = bytes(`30 5E 30 0C 06 0A 2B 06 01 04 01 83 B8 43 01 01 03 4E 00
      A501 0203 2620 0121 5820 7FFD 8363 2072 FD1B FEAF 3FBA A431 46E0 EF95 C3F5 5E39 94A4 1BBF 2B51 74D7 71DA 2258 2032 497E
      ED0A 7F6F 0009 2876 5B83 1816 2CFD 80A9 4E52 5A6A 368C 2363 063D 04E6 ED`);
    expect(() => checkSignature(wrapped, utf8('message'), new Uint8Array(64))).toThrow(
      'Invalid public key: WebAuthn (COSE) keys are not supported by this network'
    );
  });
});

describe('representation-independent hashing', () => {
  it.each([
    [0n, '00'],
    [624485n, 'e58e26']
  ])('encodes %s as the shortest unsigned LEB128: %s', (value, hex) => {
    expect(toHex(leb128(value))).toBe(hex);
    expect(toHex(hashOfMap(new Map([['n', value]])))).toBe(toHex(sha256(concat(sha256(utf8('n')), sha256(bytes(hex))))));
  });

  it('hashes a nested map by its own hash', () => {
    const arg = latin1('DIDL\x00\x00');
    const inner = sha256(concat(sha256(utf8('arg')), sha256(arg)));
    const nested: CborMap = new Map([['reply', new Map<string, CborValue>([['arg', arg]])]]);
    expect(toHex(hashOfMap(nested))).toBe(toHex(sha256(concat(sha256(utf8('reply')), inner))));
  });

  it('goes through the steps of the request id to 1d1091364d6b…', () => {
    const fields: [string, CborValue, string, string][] = [
      ['sender', Uint8Array.of(4), '0a367b92cf0b037d', 'e52d9c508c502347'],
      ['canister_id', latin1('\x00\x00\x00\x00\x00\x00\x04\xD2'), '0a3eb2ba16702a38', '4d8c47c3c1c83796'],
      ['ingress_expiry', 1_685_570_400_000_000_000n, '26cec6b6a9248a96', 'db8e57abc8cda152'],
      ['method_name', 'hello', '293536232cf9231c', '2cf24dba5fb0a30e'],
      ['request_type', 'call', '769e6f87bdda39c8', '7edb360f06acaef2'],
      ['arg', latin1('DIDL\x00\xFD*'), 'b25f03dedd69be07', '6c0b2ae49718f699']
    ];
    const hashOfOne = (value: CborValue): Uint8Array =>
      value instanceof Uint8Array ? sha256(value) : typeof value === 'bigint' ? sha256(leb128(value)) : sha256(utf8(String(value)));
    const pairs = fields.map(([name, value, nameHash, valueHash]) => {
      expect(toHex(sha256(utf8(name))).slice(0, 16)).toBe(nameHash);
      expect(toHex(hashOfOne(value)).slice(0, 16)).toBe(valueHash);
      return concat(sha256(utf8(name)), hashOfOne(value));
    });
    const id = '1d1091364d6bb8a6c16b203ee75467d59ead468f523eb058880ae8ec80e2b101';
    expect(toHex(sha256(concat(...pairs)))).toBe(id);
    expect(toHex(hashOfMap(new Map(fields.map(([name, value]) => [name, value]))))).toBe(id);
  });

  it('gives the same id whatever the bytes: another order, indefinite lengths, an absent nonce', () => {
    const id = (hex: string): string => toHex(parseCallEnvelope(bytes(hex), 'call').requestId);
    const text = (value: string): string => toHex(encode(value));
    const fields = [
      text('request_type') + text('call'),
      `${text('sender')}4104`,
      `${text('ingress_expiry')}1b${1_685_570_400_000_000_000n.toString(16).padStart(16, '0')}`,
      `${text('canister_id')}4800000000000004d2`,
      text('method_name') + text('hello'),
      `${text('arg')}474449444c00fd2a`
    ];
    const content = text('content');
    const wanted = '1d1091364d6bb8a6c16b203ee75467d59ead468f523eb058880ae8ec80e2b101';
    expect(id(`d9d9f7a1${content}a6${fields.join('')}`)).toBe(wanted);
    expect(id(`a1${content}a6${[...fields].reverse().join('')}`)).toBe(wanted);
    expect(id(`bf${content}bf${fields.join('')}ffff`)).toBe(wanted);
    expect(id(`a1${content}a7${text('nonce')}f6${fields.join('')}`)).toBe(wanted);
  });
});

describe('certification', () => {
  const tree = fork(
    fork(
      labeled(utf8('a'), fork(fork(labeled(utf8('x'), leaf(utf8('hello'))), EMPTY), labeled(utf8('y'), leaf(utf8('world'))))),
      labeled(utf8('b'), leaf(utf8('good')))
    ),
    fork(labeled(utf8('c'), EMPTY), labeled(utf8('d'), leaf(utf8('morning'))))
  );
  const path = (...labels: string[]): Uint8Array[] => labels.map((label) => utf8(label));
  const pruned = witness(tree, [path('a', 'y'), path('ax'), path('d')]);

  it('encodes the example tree', () => {
    expect(toHex(encode(witness(tree, [[]])))).toBe(
      '8301830183024161830183018302417882034568656c6c6f810083024179820345776f726c6483024162820344676f6f648301830241638100830241648203476d6f726e696e67'
    );
    expect(toHex(reconstruct(witness(tree, [[]])))).toBe('eb5c5b2195e62d996b84c9bcc8259d19a83786a2f59e0878cec84c811f669aa0');
  });

  it('prunes it to /a/y, /ax and /d', () => {
    expect(toHex(encode(pruned))).toBe(
      '83018301830241618301820458201b4feff9bef8131788b0c9dc6dbad6e81e524249c879e9f10f71ce3749f5a63883024179820345776f726c6483024162820458207b32ac0c6ba8ce35ac82c255fc7906f7fc130dab2a090f80fe12f9c2cae83ba6830182045820ec8324b8a1f1ac16bd2e806edba78006479c9877fed4eb464a25485465af601d830241648203476d6f726e696e67'
    );
    expect(toHex(reconstruct(pruned))).toBe('eb5c5b2195e62d996b84c9bcc8259d19a83786a2f59e0878cec84c811f669aa0');
  });

  it.each<[string[], Lookup]>([
    [['a', 'a'], { status: 'unknown' }],
    [['a', 'y'], { status: 'found', value: utf8('world') }],
    [['aa'], { status: 'absent' }],
    [['ax'], { status: 'absent' }],
    [['b'], { status: 'unknown' }],
    [['bb'], { status: 'unknown' }],
    [['d'], { status: 'found', value: utf8('morning') }],
    [['e'], { status: 'absent' }]
  ])('looks %o up in the pruned tree', (labels, result) => {
    expect(lookup(path(...labels), pruned)).toEqual(result);
  });

  it('signs a root hash so that the specification’s verify_cert holds, word for word', async () => {
    const keys = await openNetworkKeys({ seed: 'verify_cert' });
    // extract_der: OIDs 1.3.6.1.4.1.44668.5.3.1.2.1 and 1.3.6.1.4.1.44668.5.3.2.1, then the key's bits.
    const prefix = '308182301d060d2b0601040182dc7c0503010201060c2b0601040182dc7c05030201036100';
    expect(toHex(keys.rootKey).startsWith(prefix)).toBe(true);
    const message = concat(Uint8Array.of(13), utf8('ic-state-root'), reconstruct(pruned));
    const signature = keys.signAsRoot(message);
    const scheme = bls12_381.shortSignatures;
    const dst = 'BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_';
    expect(scheme.verify(signature, scheme.hash(message, dst), keys.rootKey.slice(prefix.length / 2))).toBe(true);
    expect(scheme.verify(signature, scheme.hash(reconstruct(pruned), dst), keys.rootKey.slice(prefix.length / 2))).toBe(false);
  });

  it('hashes every kind of node as `reconstruct` does', () => {
    const nodes: [HashTree, EncodedTree][] = [
      [EMPTY, [0]],
      [leaf(utf8('v')), [3, utf8('v')]],
      [labeled(utf8('l'), EMPTY), [2, utf8('l'), [0]]],
      [fork(EMPTY, leaf(utf8('v'))), [1, [0], [3, utf8('v')]]]
    ];
    for (const [node, encoded] of nodes) expect(toHex(hashOf(node))).toBe(toHex(reconstruct(encoded)));
  });
});

/** The specification's `reconstruct`, with a hash function that shares nothing with the code under test. */
function reconstruct(tree: EncodedTree): Uint8Array {
  const hash = (name: string, ...parts: Uint8Array[]): Uint8Array => {
    const digest = createHash('sha256').update(Uint8Array.of(name.length)).update(name, 'ascii');
    for (const part of parts) digest.update(part);
    return new Uint8Array(digest.digest());
  };
  switch (tree[0]) {
    case 0:
      return hash('ic-hashtree-empty');
    case 1:
      return hash('ic-hashtree-fork', reconstruct(tree[1]), reconstruct(tree[2]));
    case 2:
      return hash('ic-hashtree-labeled', tree[1], reconstruct(tree[2]));
    case 3:
      return hash('ic-hashtree-leaf', tree[1]);
    case 4:
      return tree[1];
  }
}
