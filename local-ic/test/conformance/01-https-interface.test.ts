import { DelegationChain, DelegationIdentity, Ed25519KeyIdentity } from '@dfinity/identity';
import { Principal } from '@dfinity/principal';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLocalIc, type LocalIc } from '../../src/index.ts';
import { Address } from '../universal/layout.ts';
import { program, type Program } from '../universal/Program.ts';
import { universalWasm, type UniversalOptions } from '../universal/universalWasm.ts';
import { load64, text } from '../universal/values.ts';
import { HttpsClient, requestIdOfContent, type Answer } from './httpsClient.ts';

const SECOND_NS = 1_000_000_000n;
const decoder = new TextDecoder();

describe('HTTPS interface', () => {
  let ic: LocalIc;
  let client: HttpsClient;
  let canisterId: Principal;
  let otherId: Principal;
  const alice = Ed25519KeyIdentity.generate(new Uint8Array(32).fill(7));
  const bob = Ed25519KeyIdentity.generate(new Uint8Array(32).fill(8));

  const install = async (options: UniversalOptions = {}, arg = new Uint8Array()): Promise<Principal> => {
    const id = await ic.createCanister();
    await ic.installCode({ canisterId: id, wasm: universalWasm(options), arg, mode: 'install' });
    return id;
  };
  beforeAll(async () => {
    ic = await createLocalIc();
    const customSections = { 'icp:public open': 'for all', 'icp:private closed': 'for controllers' };
    canisterId = await install({ customSections });
    otherId = await install();
    client = new HttpsClient(ic, await ic.listen({ port: 0 }));
  });
  afterAll(() => ic.close());

  const hello = program().reply(text('hello'));
  const counted = program().reply(load64(Address.heap));
  const countUp = (address = Address.heap): Program => program().increase(address).reply(load64(address));
  const callContent = (run: Program, change = {}, method = 'update') => client.content(canisterId, method, run.bytes(), change);
  const call = (run: Program, change = {}) => client.send('call', canisterId, callContent(run, change));
  const statusPath = (id: Uint8Array, ...rest: string[]) => ['request_status', id, ...rest];
  const readStatus = async (answer: Answer, id: Uint8Array, what: string) => {
    const value = await client.certified(answer, canisterId, statusPath(id, what));
    return value && decoder.decode(value);
  };
  const isClientError = ({ status }: Answer): boolean => status >= 400 && status < 500;
  const count = async (): Promise<bigint> => {
    const reply = await ic.query({ canisterId, method: 'query', arg: counted.bytes() });
    return new DataView(reply.buffer, reply.byteOffset).getBigUint64(0, true);
  };

  describe('Request: Call', () => {
    it.each(['v3', 'v4'])('%s answers with a certificate of the reply', async (version) => {
      const content = callContent(hello);
      const answer = await client.send('call', canisterId, content, version);
      expect(answer).toMatchObject({ status: 200, body: { status: 'replied' } });
      const id = requestIdOfContent(content);
      expect(await readStatus(answer, id, 'status')).toBe('replied');
      expect(await readStatus(answer, id, 'reply')).toBe('hello');
      expect(await readStatus(answer, id, 'reject_code')).toBeUndefined();
    });

    it.each([
      ['a reject', program().reject('sorry'), 4, 'sorry', 'IC0406'],
      ['a trap', program().trap('ouch'), 5, 'ouch', 'IC0503'],
      ['no answer', program(), 5, 'did not reply', 'IC0506']
    ])('certifies %s: code, message and error code', async (_, run, code, message, errorCode) => {
      const content = callContent(run);
      const answer = await client.send('call', canisterId, content);
      const id = requestIdOfContent(content);
      expect(await readStatus(answer, id, 'status')).toBe('rejected');
      expect(await client.certified(answer, canisterId, statusPath(id, 'reject_code'))).toEqual(Uint8Array.of(code));
      expect(await readStatus(answer, id, 'reject_message')).toContain(message);
      expect(await readStatus(answer, id, 'error_code')).toBe(errorCode);
    });

    it('calls a query method, whose answer then is certified', async () => {
      const content = callContent(
        program()
          .increase(Address.heap + 8)
          .reply(text('certified')),
        {},
        'query'
      );
      const answer = await client.send('call', canisterId, content);
      expect(await readStatus(answer, requestIdOfContent(content), 'reply')).toBe('certified');
    });

    it('does not call a composite query', async () => {
      const content = callContent(hello, {}, 'composite');
      const answer = await client.send('call', canisterId, content);
      expect(await readStatus(answer, requestIdOfContent(content), 'error_code')).toBe('IC0527');
    });

    it('a method that is missing is a certified reject', async () => {
      const content = callContent(hello, {}, 'none');
      const answer = await client.send('call', canisterId, content);
      expect(await readStatus(answer, requestIdOfContent(content), 'error_code')).toBe('IC0536');
    });

    it('is not taken in when canister_inspect_message refuses it', async () => {
      const guarded = await install({ inspect: true });
      const answer = await client.send('call', guarded, client.content(guarded, 'update', hello.bytes()));
      expect(answer).toMatchObject({ status: 200, body: { status: 'non_replicated_rejection', reject_code: 4 } });
    });

    it('is not taken in by a canister that is empty, stopped or missing', async () => {
      const empty = await ic.createCanister();
      const stopped = await install();
      await ic.stopCanister(stopped);
      for (const id of [empty, stopped]) {
        const answer = await client.send('call', id, client.content(id, 'update', hello.bytes()));
        expect(answer).toMatchObject({ status: 200, body: { status: 'non_replicated_rejection', reject_code: 5 } });
      }
      const missing = Principal.fromUint8Array(Uint8Array.of(0, 0, 0, 0, 0, 9, 9, 9, 1, 1));
      const answer = await client.send('call', missing, client.content(missing, 'update', hello.bytes()));
      expect(answer).toMatchObject({ status: 200, body: { status: 'non_replicated_rejection', reject_code: 3 } });
    });

    it('must be sent to the address of its canister', async () => {
      expect(isClientError(await client.send('call', otherId, callContent(hello)))).toBe(true);
    });

    it.each(['query', 'read_state', 'nonsense'])('must not have the request type %s', async (request_type) => {
      expect(isClientError(await call(hello, { request_type }))).toBe(true);
    });

    it.each(['canister_id', 'method_name', 'arg', 'sender', 'ingress_expiry', 'request_type'])('must have the field %s', async (field) => {
      const content = callContent(hello);
      expect(
        isClientError(await client.send('call', canisterId, Object.fromEntries(Object.entries(content).filter(([name]) => name !== field))))
      ).toBe(true);
    });

    it('may have a nonce of at most 32 bytes', async () => {
      expect((await call(hello, { nonce: new Uint8Array(32) })).status).toBe(200);
      expect(isClientError(await call(hello, { nonce: new Uint8Array(33) }))).toBe(true);
    });
  });

  describe('Replay and expiry', () => {
    it('a request runs once, however often it comes, and every copy gets the same answer', async () => {
      const before = await count();
      const content = callContent(countUp());
      const answers = await Promise.all([1, 2, 3].map(() => client.send('call', canisterId, content)));
      answers.push(await client.send('call', canisterId, content, 'v3'));
      const replies = await Promise.all(
        answers.map((answer) => client.certified(answer, canisterId, statusPath(requestIdOfContent(content), 'reply')))
      );
      expect(await count()).toBe(before + 1n);
      expect(new Set(replies.map((reply) => String(reply))).size).toBe(1);
    });

    it('a copy by the asynchronous endpoint does not run again either', async () => {
      const before = await count();
      const content = callContent(countUp());
      await client.send('call', canisterId, content);
      expect((await client.send('call', canisterId, content, 'v2')).status).toBe(202);
      expect(await count()).toBe(before + 1n);
    });

    it('another nonce makes another request', async () => {
      const before = await count();
      const content = callContent(countUp());
      await client.send('call', canisterId, content);
      await client.send('call', canisterId, { ...content, nonce: Uint8Array.of(1, 2, 3) });
      expect(await count()).toBe(before + 2n);
    });

    const PAST = { status: 400, text: expect.stringMatching(/expir/i) as string };
    const expired = () => ({ ingress_expiry: ic.now() - SECOND_NS });

    it('a call that has expired is refused', async () => {
      expect(await call(hello, expired())).toMatchObject(PAST);
      expect(await client.sendSigned('call', canisterId, callContent(hello, expired()), alice)).toMatchObject(PAST);
    });

    it('a signed query and a signed read_state that have expired are refused', async () => {
      const query = callContent(hello, { ...expired(), request_type: 'query' }, 'query');
      expect(await client.sendSigned('query', canisterId, query, alice)).toMatchObject(PAST);
      expect(await client.sendSigned('read_state', canisterId, client.readContent([['time']], expired()), alice)).toMatchObject(PAST);
    });

    it('as on the IC, anonymous queries and reads are answered after their expiry', async () => {
      const query = callContent(hello, { ...expired(), request_type: 'query' }, 'query');
      expect((await client.send('query', canisterId, query)).status).toBe(200);
      expect((await client.send('read_state', canisterId, client.readContent([['time']], expired()))).status).toBe(200);
    });

    it('a call that expires more than five minutes ahead is refused', async () => {
      const far = callContent(hello, { ingress_expiry: ic.now() + 600n * SECOND_NS });
      expect(await client.send('call', canisterId, far)).toMatchObject({ status: 400, text: expect.stringMatching(/expir/i) as string });
    });
  });

  describe('Request: Asynchronous Call', () => {
    it('answers 202 with an empty body, and the status tells the rest', async () => {
      const content = callContent(hello, { sender: alice.getPrincipal() });
      const answer = await client.sendSigned('call', canisterId, content, alice);
      expect(answer.status).toBe(200);
      const unsigned = callContent(hello);
      expect(await client.send('call', canisterId, unsigned, 'v2')).toMatchObject({ status: 202, text: '' });
      await ic.idle();
      const id = requestIdOfContent(unsigned);
      const read = await client.send('read_state', canisterId, client.readContent([statusPath(id)]));
      expect(await readStatus(read, id, 'status')).toBe('replied');
      expect(await readStatus(read, id, 'reply')).toBe('hello');
    });
  });

  describe('Request: Query call', () => {
    const query = (run: Program, method = 'query', change = {}) =>
      client.send('query', canisterId, callContent(run, { request_type: 'query', ...change }, method));

    it.each(['query', 'composite'])('runs a %s method and signs the reply', async (method) => {
      const answer = await query(hello, method);
      expect(answer).toMatchObject({ status: 200, body: { status: 'replied' } });
      expect(decoder.decode((answer.body['reply'] as { arg: Uint8Array }).arg)).toBe('hello');
      expect(answer.body['signatures']).toHaveLength(1);
    });

    it('tells a reject with its codes, and signs it', async () => {
      expect(await query(program().reject('no'))).toMatchObject({
        status: 200,
        body: { status: 'rejected', reject_code: 4, reject_message: 'no', error_code: 'IC0406', signatures: [expect.anything()] }
      });
    });

    it('does not call an update', async () => {
      expect(await query(hello, 'update')).toMatchObject({ body: { status: 'rejected', reject_code: 5, error_code: 'IC0536' } });
    });

    it('is rejected by a canister that is not there', async () => {
      const missing = Principal.fromUint8Array(Uint8Array.of(0, 0, 0, 0, 0, 9, 9, 9, 1, 1));
      const answer = await client.send('query', missing, client.content(missing, 'query', hello.bytes(), { request_type: 'query' }));
      expect(answer).toMatchObject({ status: 200, body: { status: 'rejected', reject_code: 3, error_code: 'IC0301' } });
    });

    it('must be sent to the address of its canister', async () => {
      expect(isClientError(await client.send('query', otherId, callContent(hello, { request_type: 'query' }, 'query')))).toBe(true);
    });
  });

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
      const content = callContent(hello);
      await client.sendSigned('call', canisterId, content, alice);
      const id = requestIdOfContent({ ...content, sender: alice.getPrincipal() });
      const answer = await client.sendSigned('read_state', canisterId, client.readContent([statusPath(id)]), alice);
      expect(await readStatus(answer, id, 'reply')).toBe('hello');
    });

    it('not the status of somebody else’s request', async () => {
      const content = callContent(hello);
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
    const greet = (change = {}) => callContent(hello, change);

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
