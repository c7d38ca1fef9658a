import { appendFile, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Principal } from '@dfinity/principal';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sha256, toHex, utf8 } from './bytes.ts';
import { IngressHistory } from './ingressHistory.ts';
import { FileIngressJournal } from './ingressJournal.ts';
import { decodeEntry, encodeEntry, type JournaledRequest } from './journalEntry.ts';

const CANISTER = Principal.fromText('rrkah-fqaaa-aaaaa-aaaaq-cai');
const MINUTE = 60_000_000_000n;
const T0 = 1_700_000_000_000_000_000n;

const request = (name: string, expiry = T0 + 5n * MINUTE): JournaledRequest => ({
  id: sha256(utf8(name)),
  sender: Principal.anonymous(),
  canisterId: CANISTER,
  expiry,
  answer: undefined
});
const answered = (name: string, at = T0): JournaledRequest => ({
  ...request(name),
  answer: { result: { kind: 'reply', reply: utf8(name) }, at }
});

describe('the lines of the journal', () => {
  it('bring every entry back', () => {
    const bytes = fc.uint8Array({ maxLength: 40 }).map((array) => Uint8Array.from(array));
    const result = fc.oneof(
      bytes.map((reply) => ({ kind: 'reply' as const, reply })),
      fc.record({
        kind: fc.constant('reject' as const),
        code: fc.constantFrom(1 as const, 2 as const, 3 as const, 4 as const, 5 as const, 6 as const),
        message: fc.string({ unit: 'binary' }),
        errorCode: fc.string()
      })
    );
    const principal = fc.uint8Array({ maxLength: 29 }).map((array) => Principal.fromUint8Array(Uint8Array.from(array)));
    const entry: fc.Arbitrary<JournaledRequest> = fc.record({
      id: bytes,
      sender: principal,
      canisterId: principal,
      expiry: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
      answer: fc.option(fc.record({ result, at: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }) }), { nil: undefined })
    });
    fc.assert(
      fc.property(entry, (one) => {
        const line = encodeEntry(one);
        expect(line.indexOf('\n')).toBe(line.length - 1);
        expect(decodeEntry(line.trimEnd())).toEqual(one);
        // Half a line is no entry.
        expect(decodeEntry(line.slice(0, line.length >> 1))).toBeUndefined();
      })
    );
  });
});

describe('FileIngressJournal', () => {
  let stateDir: string;
  const log: string[] = [];
  const open = (now = T0) => FileIngressJournal.open(stateDir, now, (line) => log.push(line));
  const files = async () => (await readdir(join(stateDir, 'ingress'))).sort();

  beforeEach(async () => {
    stateDir = await mkdtemp(join(tmpdir(), 'local-ic-journal-'));
  });
  afterEach(async () => {
    await rm(stateDir, { recursive: true, force: true });
    expect(log.splice(0)).toEqual([]);
  });

  it('knows accepted and answered requests again, without having been closed', async () => {
    const { journal } = open();
    journal.accept(request('running'), T0);
    journal.accept(request('done'), T0);
    journal.answer(answered('done'), T0);
    expect(open().requests).toEqual([request('running'), answered('done')]);
    expect((await stat(join(stateDir, 'ingress', '1.ndjson'))).mode & 0o777).toBe(0o600);
    journal.close();
  });

  it('forgets what can not come again, and removes its files', async () => {
    const { journal } = open();
    for (let minute = 0n; minute < 30n; minute += 1n) {
      const now = T0 + minute * MINUTE;
      journal.accept({ ...request(`${minute}`), expiry: now + 5n * MINUTE }, now);
      journal.answer({ ...answered(`${minute}`, now), expiry: now + 5n * MINUTE }, now);
    }
    expect((await files()).length).toBeLessThan(10);
    journal.close();
    expect(open(T0 + 30n * MINUTE).requests.length).toBeLessThan(7);
    expect(open(T0 + 60n * MINUTE).requests).toEqual([]);
    expect(await files()).toEqual([]);
  });

  it('takes a line that was cut off for none', async () => {
    const { journal } = open();
    journal.accept(request('whole'), T0);
    await appendFile(join(stateDir, 'ingress', '1.ndjson'), encodeEntry(request('cut')).slice(0, 60));
    const { journal: next, requests } = open();
    expect(requests).toEqual([request('whole')]);
    next.accept(request('next'), T0);
    expect(open().requests).toEqual([request('whole'), request('next')]);
    next.close();
    journal.close();
  });

  it('gives a request that goes on its answer, and remembers it', async () => {
    const { journal } = open();
    journal.accept(request('going on'), T0);
    const { journal: next, requests } = open();
    const history = new IngressHistory(next);
    const result = { kind: 'reply' as const, reply: utf8('late') };
    history.resume(requests, new Map([[toHex(request('going on').id), Promise.resolve(result)]]), () => T0);
    expect(await history.get(request('going on').id)?.answered).toEqual(result);
    expect(open().requests).toEqual([{ ...request('going on'), answer: { result, at: T0 } }]);
    journal.close();
    next.close();
  });

  it('has a request rejected that is not known to have run, never run again', async () => {
    const { journal } = open();
    journal.accept(request('interrupted'), T0);
    const { journal: next, requests } = open();
    const history = new IngressHistory(next);
    history.resume(requests, new Map(), () => T0);
    const again = history.submit(
      request('interrupted'),
      () => T0,
      () => Promise.reject(new Error('it ran again'))
    );
    expect(await again.answered).toMatchObject({
      kind: 'reject',
      code: 1,
      message: expect.stringContaining('does not run again') as string
    });
    expect(history.tree).not.toEqual(new IngressHistory().tree);
    journal.close();
    next.close();
  });

  it('does not let a request run that it could not write down', async () => {
    const { journal } = open();
    await rm(join(stateDir, 'ingress'), { recursive: true });
    let runs = 0;
    const history = new IngressHistory(journal);
    const submit = () =>
      history.submit(
        request('x'),
        () => T0,
        async () => {
          runs += 1;
          return { kind: 'reply', reply: utf8('') };
        }
      );
    expect(submit).toThrow('ENOENT');
    expect([runs, history.size]).toEqual([0, 0]);
  });
});
