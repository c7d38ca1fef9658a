import { Principal } from '@dfinity/principal';
import { describe, expect, it } from 'vitest';
import type { CanisterRecord } from '../engine/types.ts';
import { sha256, utf8 } from './bytes.ts';
import { IngressHistory } from './ingressHistory.ts';
import { checkPaths, type ReadStateRequest } from './readState.ts';

const CANISTER = Principal.fromText('rrkah-fqaaa-aaaaa-aaaaq-cai');
const OTHER = Principal.fromText('ryjl3-tyaaa-aaaaa-aaaba-cai');
const CONTROLLER = Principal.selfAuthenticating(utf8('controller'));
const USER = Principal.selfAuthenticating(utf8('user'));
const MINE = sha256(utf8('my request'));
const THEIRS = sha256(utf8('their request'));

const record: CanisterRecord = {
  id: CANISTER,
  controllers: [CONTROLLER],
  certifiedData: new Uint8Array(),
  moduleHash: sha256(),
  metadata: [
    { name: 'candid:service', isPublic: true, content: utf8('service : {}') },
    { name: 'secret', isPublic: false, content: utf8('private') }
  ],
  status: 'running'
};
const engine = { canister: (id: Principal) => (id.toText() === CANISTER.toText() ? record : undefined) };

const history = new IngressHistory();
const submit = (id: Uint8Array, sender: Principal) =>
  history.submit(
    { id, sender, canisterId: CANISTER, expiry: 1n },
    () => 0n,
    async () => ({ kind: 'reply', reply: new Uint8Array() })
  );
submit(MINE, USER);
submit(THEIRS, CONTROLLER);

type Label = string | Uint8Array | Principal;
const bytes = (label: Label): Uint8Array =>
  typeof label === 'string' ? utf8(label) : label instanceof Principal ? label.toUint8Array() : label;

function check(paths: Label[][], change: Partial<ReadStateRequest> = {}): void {
  checkPaths(
    { paths: paths.map((path) => path.map(bytes)), sender: USER, targets: undefined, effective: CANISTER, ...change },
    engine,
    history
  );
}

const refused = (status: number, text: RegExp) =>
  expect.objectContaining({ status, message: expect.stringMatching(text) as string }) as Error;

describe('checkPaths', () => {
  it('lets anybody read what is public', () => {
    check([
      ['time'],
      ['subnet'],
      ['subnet', OTHER, 'public_key'],
      ['subnet', OTHER, 'canister_ranges'],
      ['subnet', OTHER, 'node', OTHER, 'public_key'],
      ['canister', CANISTER, 'controllers'],
      ['canister', CANISTER, 'module_hash'],
      ['canister', CANISTER, 'metadata', 'candid:service'],
      ['canister', CANISTER, 'metadata', 'no such section']
    ]);
    check([['time'], ['subnet'], ['canister_ranges', OTHER]], { effective: undefined });
  });

  it.each<[Label[]]>([
    [[]],
    [['canister']],
    [['canister', CANISTER]],
    [['canister', CANISTER, 'certified_data']],
    [['canister', CANISTER, 'metadata']],
    [['request_status']],
    [['request_status', MINE, 'status', 'more']],
    [['time', 'more']],
    [['subnet', OTHER, 'secret']]
  ])('refuses %o', (path) => {
    expect(() => check([path])).toThrow(refused(404, /Invalid path requested/));
  });

  it('refuses the state of another canister than the one in the URL', () => {
    expect(() => check([['canister', OTHER, 'controllers']])).toThrow(refused(400, /does not match requested principal id/));
    expect(() => check([['canister', CANISTER, 'controllers']], { effective: undefined })).toThrow(refused(404, /Invalid path/));
  });

  it('shows private metadata to controllers only', () => {
    const path = [['canister', CANISTER, 'metadata', 'secret']];
    expect(() => check(path)).toThrow(refused(403, /can only be requested by the controllers/));
    expect(() => check(path, { sender: Principal.anonymous() })).toThrow(refused(403, /controllers/));
    check(path, { sender: CONTROLLER });
    expect(() => check([['canister', CANISTER, 'metadata', Uint8Array.of(255)]])).toThrow(refused(400, /not UTF-8/));
  });

  it('shows an answer to who asked only, through a delegation for that canister', () => {
    check([
      ['request_status', MINE],
      ['request_status', MINE, 'reply']
    ]);
    check([['request_status', sha256(utf8('unknown'))]]);
    expect(() => check([['request_status', THEIRS]])).toThrow(refused(403, /not signed by the caller/));
    check([['request_status', MINE]], { targets: new Set([CANISTER.toText()]) });
    expect(() => check([['request_status', MINE]], { targets: new Set([OTHER.toText()]) })).toThrow(refused(403, /delegation targets/));
    expect(() =>
      check([
        ['request_status', MINE],
        ['request_status', sha256(utf8('unknown'))]
      ])
    ).toThrow(refused(400, /More than one/));
    expect(() => check([['request_status', utf8('short')]])).toThrow(refused(400, /Invalid request id in paths/));
  });
});
