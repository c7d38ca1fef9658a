import { DelegationChain, DelegationIdentity, Ed25519KeyIdentity } from '@dfinity/identity';
import { Principal } from '@dfinity/principal';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalIc } from '../../src/index.ts';
import { universalWasm } from '../universal/universalWasm.ts';
import { requestIdOfContent, type HttpsClient } from './httpsClient.ts';
import { alice, bob, hello, HttpsFixture, isClientError, statusPath } from './httpsFixture.ts';

const decoder = new TextDecoder();

let https: HttpsFixture;
let ic: LocalIc;
let client: HttpsClient;
let canisterId: Principal;
let otherId: Principal;
beforeAll(async () => {
  https = await HttpsFixture.start();
  ({ ic, client, canisterId, otherId } = https);
});
afterAll(() => ic.close());

describe('HTTPS interface: reading the state, authentication', () => {
  describe('Request: Read state', () => {
    const read = (paths: (string | Uint8Array)[][], effectiveId = canisterId) =>
      client.send('read_state', effectiveId, client.readContent(paths));
    const own = () => ['canister', canisterId.toUint8Array()];

    it('/time is always there, asked for or not', async () => {
      for (const paths of [[], [['time']]]) {
        expect(await client.certified(await read(paths), canisterId, ['time'])).toBeDefined();
      }
    });

    it('module_hash and controllers of the canister', async () => {
      const answer = await read([
        [...own(), 'module_hash'],
        [...own(), 'controllers']
      ]);
      expect((await client.certified(answer, canisterId, [...own(), 'module_hash']))?.length).toBe(32);
      expect(await client.certified(answer, canisterId, [...own(), 'controllers'])).toBeDefined();
    });

    it('nothing of another canister than the address says', async () => {
      expect(isClientError(await read([[...own(), 'module_hash']], otherId))).toBe(true);
      expect(isClientError(await read([[...own(), 'metadata', 'open']], otherId))).toBe(true);
    });

    it('certified_data is for the canister alone', async () => {
      expect(isClientError(await read([[...own(), 'certified_data']]))).toBe(true);
      expect(isClientError(await read([own()]))).toBe(true);
      expect(isClientError(await read([['canister']]))).toBe(true);
    });

    it('public metadata is for everybody', async () => {
      const path = [...own(), 'metadata', 'open'];
      expect(decoder.decode(await client.certified(await read([path]), canisterId, path))).toBe('for all');
    });

    it('private metadata is for controllers', async () => {
      const path = [...own(), 'metadata', 'closed'];
      expect(await read([path])).toMatchObject({ status: 403 });
      expect(await client.sendSigned('read_state', canisterId, client.readContent([path]), alice)).toMatchObject({ status: 403 });
      const mine = await ic.createCanister({ controllers: [alice.getPrincipal()] });
      const wasm = universalWasm({ customSections: { 'icp:private closed': 'for alice' } });
      await ic.installCode({ canisterId: mine, wasm, arg: new Uint8Array(), mode: 'install', sender: alice.getPrincipal() });
      const minePath = ['canister', mine.toUint8Array(), 'metadata', 'closed'];
      const answer = await client.sendSigned('read_state', mine, client.readContent([minePath]), alice);
      expect(decoder.decode(await client.certified(answer, mine, minePath))).toBe('for alice');
    });

    it('metadata that is not there is absent', async () => {
      const path = [...own(), 'metadata', 'none'];
      expect(await client.certified(await read([path]), canisterId, path)).toBeUndefined();
    });

    it('the status of one’s own request', async () => {
      const content = https.callContent(hello);
      await client.sendSigned('call', canisterId, content, alice);
      const id = requestIdOfContent({ ...content, sender: alice.getPrincipal() });
      const answer = await client.sendSigned('read_state', canisterId, client.readContent([statusPath(id)]), alice);
      expect(await https.readStatus(answer, id, 'reply')).toBe('hello');
    });

    it('not the status of somebody else’s request', async () => {
      const content = https.callContent(hello);
      await client.sendSigned('call', canisterId, content, alice);
      const id = requestIdOfContent({ ...content, sender: alice.getPrincipal() });
      expect(await client.sendSigned('read_state', canisterId, client.readContent([statusPath(id)]), bob)).toMatchObject({ status: 403 });
      expect(await read([statusPath(id)])).toMatchObject({ status: 403 });
    });

    it('a request that was never made is absent', async () => {
      const id = new Uint8Array(32).fill(9);
      expect(await client.certified(await read([statusPath(id)]), canisterId, statusPath(id, 'status'))).toBeUndefined();
    });

    it('not the status of two requests at once', async () => {
      const ids = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
      expect(isClientError(await read(ids.map((id) => statusPath(id))))).toBe(true);
      expect((await read([statusPath(ids[0] ?? new Uint8Array(), 'status'), statusPath(ids[0] ?? new Uint8Array(), 'reply')])).status).toBe(
        200
      );
    });

    it.each([[['request_status']], [['request_status', new Uint8Array(31)]], [['nonsense']], [[]], [['time', 'more']]])(
      'not the path %j',
      async (path) => {
        expect(isClientError(await read([path]))).toBe(true);
      }
    );

    it('at most 1,000 paths of at most 127 labels', async () => {
      const many = (length: number) => Array.from({ length }, () => ['time']);
      expect((await read(many(1_000))).status).toBe(200);
      expect(isClientError(await read(many(1_001)))).toBe(true);
      expect(isClientError(await read([Array.from({ length: 128 }, () => 'x')]))).toBe(true);
    });

    it('/subnet', async () => {
      const subnetId = Principal.selfAuthenticating(ic.rootKey).toUint8Array();
      const path = ['subnet', subnetId, 'public_key'];
      expect(await client.certified(await read([path]), canisterId, path)).toEqual(ic.rootKey);
    });
  });

  describe('Authentication', () => {
    const greet = (change = {}) => https.callContent(hello, change);

    it('an anonymous request needs no signature and must have none', async () => {
      expect((await client.send('call', canisterId, greet())).status).toBe(200);
      const envelope = { content: greet(), sender_pubkey: alice.getPublicKey().toDer(), sender_sig: new Uint8Array(64) };
      expect(isClientError(await client.post(`/api/v4/canister/${canisterId.toText()}/call`, envelope))).toBe(true);
    });

    it('a request of somebody must be signed', async () => {
      expect(isClientError(await client.send('call', canisterId, greet({ sender: alice.getPrincipal() })))).toBe(true);
    });

    it('by the key the sender is made of', async () => {
      expect((await client.sendSigned('call', canisterId, greet(), alice)).status).toBe(200);
      const answer = await client.sendSigned('call', canisterId, greet(), alice, { sender_pubkey: bob.getPublicKey().toDer() });
      expect(isClientError(answer)).toBe(true);
    });

    it('with a signature over this very request', async () => {
      expect(isClientError(await client.sendSigned('call', canisterId, greet(), alice, { sender_sig: new Uint8Array(64) }))).toBe(true);
      const altered = { ...greet(), sender: alice.getPrincipal() };
      expect(isClientError(await client.sendSigned('call', canisterId, greet(), alice, { content: altered }))).toBe(true);
    });

    describe('by a delegation', () => {
      const session = Ed25519KeyIdentity.generate(new Uint8Array(32).fill(9));
      const delegated = async (options: { targets?: Principal[]; untilMs?: number } = {}): Promise<DelegationIdentity> => {
        const until = new Date(options.untilMs ?? Date.now() + 60_000);
        const chain = await DelegationChain.create(alice, session.getPublicKey(), until, options.targets && { targets: options.targets });
        return DelegationIdentity.fromDelegation(session, chain);
      };
      const callBy = async (identity: DelegationIdentity) => (await client.sendSigned('call', canisterId, greet(), identity)).status;

      it('in the name of who delegated', async () => {
        const content = greet();
        const identity = await delegated();
        expect(identity.getPrincipal().toText()).toBe(alice.getPrincipal().toText());
        expect((await client.sendSigned('call', canisterId, content, identity)).status).toBe(200);
      });

      it('for the targets it names only', async () => {
        expect(await callBy(await delegated({ targets: [canisterId] }))).toBe(200);
        expect(await callBy(await delegated({ targets: [otherId, canisterId] }))).toBe(200);
        expect([400, 403]).toContain(await callBy(await delegated({ targets: [otherId] })));
      });

      it('until it expires', async () => {
        expect([400, 403]).toContain(await callBy(await delegated({ untilMs: Date.now() - 1_000 })));
      });

      it('through several delegations, whose targets all count', async () => {
        const middle = Ed25519KeyIdentity.generate(new Uint8Array(32).fill(10));
        const until = new Date(Date.now() + 60_000);
        const through = async (targets: Principal[]): Promise<number> => {
          const first = await DelegationChain.create(alice, middle.getPublicKey(), until, { targets });
          const chain = await DelegationChain.create(middle, session.getPublicKey(), until, { previous: first, targets: [canisterId] });
          return callBy(DelegationIdentity.fromDelegation(session, chain));
        };
        expect(await through([canisterId])).toBe(200);
        expect([400, 403]).toContain(await through([otherId]));
      });
    });
  });
});
