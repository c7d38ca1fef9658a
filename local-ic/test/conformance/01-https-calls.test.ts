import { Principal } from '@dfinity/principal';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalIc } from '../../src/index.ts';
import { Address } from '../universal/layout.ts';
import { program, type Program } from '../universal/Program.ts';
import { load64, text } from '../universal/values.ts';
import { requestIdOfContent, type HttpsClient } from './httpsClient.ts';
import { alice, hello, HttpsFixture, isClientError, statusPath } from './httpsFixture.ts';

const SECOND_NS = 1_000_000_000n;
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

describe('HTTPS interface: calls and queries', () => {
  const counted = program().reply(load64(Address.heap));
  const countUp = (): Program => program().increase(Address.heap).reply(load64(Address.heap));
  const count = async (): Promise<bigint> => {
    const reply = await ic.query({ canisterId, method: 'query', arg: counted.bytes() });
    return new DataView(reply.buffer, reply.byteOffset).getBigUint64(0, true);
  };

  describe('Request: Call', () => {
    it.each(['v3', 'v4'])('%s answers with a certificate of the reply', async (version) => {
      const content = https.callContent(hello);
      const answer = await client.send('call', canisterId, content, version);
      expect(answer).toMatchObject({ status: 200, body: { status: 'replied' } });
      const id = requestIdOfContent(content);
      expect(await https.readStatus(answer, id, 'status')).toBe('replied');
      expect(await https.readStatus(answer, id, 'reply')).toBe('hello');
      expect(await https.readStatus(answer, id, 'reject_code')).toBeUndefined();
    });

    it.each([
      ['a reject', program().reject('sorry'), 4, 'sorry', 'IC0406'],
      ['a trap', program().trap('ouch'), 5, 'ouch', 'IC0503'],
      ['no answer', program(), 5, 'did not reply', 'IC0506']
    ])('certifies %s: code, message and error code', async (_, run, code, message, errorCode) => {
      const content = https.callContent(run);
      const answer = await client.send('call', canisterId, content);
      const id = requestIdOfContent(content);
      expect(await https.readStatus(answer, id, 'status')).toBe('rejected');
      expect(await client.certified(answer, canisterId, statusPath(id, 'reject_code'))).toEqual(Uint8Array.of(code));
      expect(await https.readStatus(answer, id, 'reject_message')).toContain(message);
      expect(await https.readStatus(answer, id, 'error_code')).toBe(errorCode);
    });

    it('calls a query method, whose answer then is certified', async () => {
      const content = https.callContent(
        program()
          .increase(Address.heap + 8)
          .reply(text('certified')),
        {},
        'query'
      );
      const answer = await client.send('call', canisterId, content);
      expect(await https.readStatus(answer, requestIdOfContent(content), 'reply')).toBe('certified');
    });

    it('does not call a composite query', async () => {
      const content = https.callContent(hello, {}, 'composite');
      const answer = await client.send('call', canisterId, content);
      expect(await https.readStatus(answer, requestIdOfContent(content), 'error_code')).toBe('IC0527');
    });

    it('a method that is missing is a certified reject', async () => {
      const content = https.callContent(hello, {}, 'none');
      const answer = await client.send('call', canisterId, content);
      expect(await https.readStatus(answer, requestIdOfContent(content), 'error_code')).toBe('IC0536');
    });

    it('is not taken in when canister_inspect_message refuses it', async () => {
      const guarded = await https.install({ inspect: true });
      const answer = await client.send('call', guarded, client.content(guarded, 'update', hello.bytes()));
      expect(answer).toMatchObject({ status: 200, body: { status: 'non_replicated_rejection', reject_code: 4 } });
    });

    it('is not taken in by a canister that is empty, stopped or missing', async () => {
      const empty = await ic.createCanister();
      const stopped = await https.install({});
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
      expect(isClientError(await client.send('call', otherId, https.callContent(hello)))).toBe(true);
    });

    it.each(['query', 'read_state', 'nonsense'])('must not have the request type %s', async (request_type) => {
      expect(isClientError(await https.call(hello, { request_type }))).toBe(true);
    });

    it.each(['canister_id', 'method_name', 'arg', 'sender', 'ingress_expiry', 'request_type'])('must have the field %s', async (field) => {
      const content = https.callContent(hello);
      expect(
        isClientError(await client.send('call', canisterId, Object.fromEntries(Object.entries(content).filter(([name]) => name !== field))))
      ).toBe(true);
    });

    it('may have a nonce of at most 32 bytes', async () => {
      expect((await https.call(hello, { nonce: new Uint8Array(32) })).status).toBe(200);
      expect(isClientError(await https.call(hello, { nonce: new Uint8Array(33) }))).toBe(true);
    });
  });

  describe('Replay and expiry', () => {
    it('a request runs once, however often it comes, and every copy gets the same answer', async () => {
      const before = await count();
      const content = https.callContent(countUp());
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
      const content = https.callContent(countUp());
      await client.send('call', canisterId, content);
      expect((await client.send('call', canisterId, content, 'v2')).status).toBe(202);
      expect(await count()).toBe(before + 1n);
    });

    it('another nonce makes another request', async () => {
      const before = await count();
      const content = https.callContent(countUp());
      await client.send('call', canisterId, content);
      await client.send('call', canisterId, { ...content, nonce: Uint8Array.of(1, 2, 3) });
      expect(await count()).toBe(before + 2n);
    });

    const PAST = { status: 400, text: expect.stringMatching(/expir/i) as string };
    const expired = () => ({ ingress_expiry: ic.now() - SECOND_NS });

    it('a call that has expired is refused', async () => {
      expect(await https.call(hello, expired())).toMatchObject(PAST);
      expect(await client.sendSigned('call', canisterId, https.callContent(hello, expired()), alice)).toMatchObject(PAST);
    });

    it('a signed query and a signed read_state that have expired are refused', async () => {
      const query = https.callContent(hello, { ...expired(), request_type: 'query' }, 'query');
      expect(await client.sendSigned('query', canisterId, query, alice)).toMatchObject(PAST);
      expect(await client.sendSigned('read_state', canisterId, client.readContent([['time']], expired()), alice)).toMatchObject(PAST);
    });

    it('as on the IC, anonymous queries and reads are answered after their expiry', async () => {
      const query = https.callContent(hello, { ...expired(), request_type: 'query' }, 'query');
      expect((await client.send('query', canisterId, query)).status).toBe(200);
      expect((await client.send('read_state', canisterId, client.readContent([['time']], expired()))).status).toBe(200);
    });

    it('a call that expires more than five minutes ahead is refused', async () => {
      const far = https.callContent(hello, { ingress_expiry: ic.now() + 600n * SECOND_NS });
      expect(await client.send('call', canisterId, far)).toMatchObject({ status: 400, text: expect.stringMatching(/expir/i) as string });
    });
  });

  describe('Request: Asynchronous Call', () => {
    it('answers 202 with an empty body, and the status tells the rest', async () => {
      const content = https.callContent(hello, { sender: alice.getPrincipal() });
      const answer = await client.sendSigned('call', canisterId, content, alice);
      expect(answer.status).toBe(200);
      const unsigned = https.callContent(hello);
      expect(await client.send('call', canisterId, unsigned, 'v2')).toMatchObject({ status: 202, text: '' });
      await ic.idle();
      const id = requestIdOfContent(unsigned);
      const read = await client.send('read_state', canisterId, client.readContent([statusPath(id)]));
      expect(await https.readStatus(read, id, 'status')).toBe('replied');
      expect(await https.readStatus(read, id, 'reply')).toBe('hello');
    });
  });

  describe('Request: Query call', () => {
    const query = (run: Program, method = 'query', change = {}) =>
      client.send('query', canisterId, https.callContent(run, { request_type: 'query', ...change }, method));

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
      expect(isClientError(await client.send('query', otherId, https.callContent(hello, { request_type: 'query' }, 'query')))).toBe(true);
    });
  });
});
