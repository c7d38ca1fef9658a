import { Certificate, lookupResultToBuffer } from '@dfinity/agent';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createLocalIc, type LocalIc } from '../../src/index.ts';
import { program } from '../universal/Program.ts';
import {
  numberOf,
  rejectOf,
  replyOf,
  startUniversalNetwork,
  type UniversalCanister,
  type UniversalNetwork
} from '../universal/universalNetwork.ts';
import { universalWasm } from '../universal/universalWasm.ts';
import { api, dataCertificate, memory, text } from '../universal/values.ts';
import { canisterArgument, manage } from './management.ts';

describe('Certified data', () => {
  let network: UniversalNetwork;
  let canister: UniversalCanister;
  beforeEach(async () => {
    network = await startUniversalNetwork();
    network.engine.setCertifier(() => Uint8Array.of(1, 2, 3));
    canister = await network.universal();
  });

  const set = (content: string) => program().call('certified_data_set', text(content));
  const certified = (): string => new TextDecoder().decode(network.engine.canister(canister.id)?.certifiedData);

  it('is empty in a fresh canister', () => {
    expect(certified()).toBe('');
  });

  it('is what was set last', async () => {
    await canister.update(set('one').also(set('two')).reply());
    expect(certified()).toBe('two');
    await canister.update(set('').reply());
    expect(certified()).toBe('');
  });

  it('has at most 32 bytes', async () => {
    expect((await canister.update(program().call('certified_data_set', memory(0, 32)).reply())).kind).toBe('reply');
    expect(rejectOf(await canister.update(program().call('certified_data_set', memory(0, 33)).reply()))).toMatchObject({
      code: 5,
      errorCode: 'IC0504'
    });
  });

  it('stays as it was when the message traps', async () => {
    await canister.update(set('kept').reply());
    await canister.update(set('lost').trap());
    expect(certified()).toBe('kept');
  });

  it('can be set in canister_init, in a callback and by a timer', async () => {
    await canister.install('reinstall', { program: set('init') });
    expect(certified()).toBe('init');
    await canister.update(program().callTo({ callee: canister.bytes, arg: program().reply(), onReply: set('callback').reply() }));
    expect(certified()).toBe('callback');
    await canister.update(program().store('globalTimer', set('timer')).call('global_timer_set', 1).reply());
    await network.engine.idle();
    expect(certified()).toBe('timer');
  });

  it('stays over an upgrade, and canister_post_upgrade can set it', async () => {
    await canister.update(set('before').reply());
    await canister.install('upgrade');
    expect(certified()).toBe('before');
    await canister.install('upgrade', { program: set('after') });
    expect(certified()).toBe('after');
  });

  it('is as before an upgrade that failed', async () => {
    await canister.update(set('before').store('preUpgrade', set('lost')).reply());
    await canister.install('upgrade', { program: program().trap() }).catch((error: unknown) => error);
    expect(certified()).toBe('before');
  });

  it('is empty after a reinstallation, and after uninstall_code', async () => {
    await canister.update(set('gone').reply());
    await canister.install('reinstall');
    expect(certified()).toBe('');
    await canister.update(set('gone').reply());
    await manage(network, 'uninstall_code', canisterArgument(canister.id));
    expect(certified()).toBe('');
  });

  describe('data_certificate_present', () => {
    const present = program().reply(api('data_certificate_present'));
    it('is 1 in a query and a composite query that a user calls', async () => {
      expect(numberOf(await canister.query(present))).toBe(1n);
      expect(numberOf(await canister.composite(present))).toBe(1n);
    });

    it('is 0 in updates and in queries in replicated mode', async () => {
      expect(numberOf(await canister.update(present))).toBe(0n);
      expect(numberOf(await canister.replicatedQuery(present))).toBe(0n);
      expect(numberOf(await canister.update(program().forward({ callee: canister.bytes, method: 'query', arg: present })))).toBe(0n);
    });

    it('is 0 in the callbacks of a composite query', async () => {
      const calling = (method: string) =>
        program().callTo({ callee: canister.bytes, method, arg: program().reply(), onReply: present, onReject: present });
      expect(numberOf(await canister.composite(calling('query')))).toBe(0n);
      expect(numberOf(await canister.composite(calling('missing')))).toBe(0n);
    });

    it.each(['query', 'composite'])('is 0 in a %s that a composite query calls', async (method) => {
      expect(numberOf(await canister.composite(program().forward({ callee: canister.bytes, method, arg: present })))).toBe(0n);
    });
  });

  it('the certificate can’t be read where there is none', async () => {
    const read = program().reply(dataCertificate);
    expect(rejectOf(await canister.update(read))).toMatchObject({ code: 5, errorCode: 'IC0504' });
    const inside = program().callTo({ callee: canister.bytes, method: 'query', arg: program().reply(), onReply: read });
    expect(rejectOf(await canister.composite(inside))).toMatchObject({ code: 5, errorCode: 'IC0504' });
    expect(replyOf(await canister.query(read))).toEqual(Uint8Array.of(1, 2, 3));
  });
});

describe('The certificate of the data', () => {
  let ic: LocalIc;
  beforeAll(async () => {
    ic = await createLocalIc();
  });
  afterAll(() => ic.close());

  it('is valid under the root key, and holds the data and the time', async () => {
    const canisterId = await ic.createCanister();
    await ic.installCode({ canisterId, wasm: universalWasm(), arg: new Uint8Array(), mode: 'install' });
    await ic.update({ canisterId, method: 'update', arg: program().call('certified_data_set', text('signed')).reply().bytes() });
    const read = program().reply(dataCertificate).bytes();
    const certificate = await Certificate.create({
      certificate: await ic.query({ canisterId, method: 'query', arg: read }),
      rootKey: ic.rootKey,
      canisterId
    });
    const value = lookupResultToBuffer(certificate.lookup_path(['canister', canisterId.toUint8Array(), 'certified_data']));
    expect(new TextDecoder().decode(value)).toBe('signed');
    expect(lookupResultToBuffer(certificate.lookup_path(['time']))).toBeDefined();
  });
});
