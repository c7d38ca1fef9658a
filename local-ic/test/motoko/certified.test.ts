import { Actor, AnonymousIdentity, Certificate, HttpAgent, lookupResultToBuffer, reconstruct, type HashTree } from '@dfinity/agent';
import type { IDL } from '@dfinity/candid';
import { decode } from '@dfinity/cbor';
import type { Principal } from '@dfinity/principal';
import { verifyRequestResponsePair } from '@dfinity/response-verification';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createLocalIc, type LocalIc } from '../../src/index.ts';
import { utf8 } from '../../src/http/bytes.ts';
import type { EncodedTree } from '../../src/http/witness.ts';
import { lookup } from '../support/lookup.ts';
import { fixtureWasm, initArgument } from '../support/network.ts';

type Headers = [string, string][];
interface Request {
  method: string;
  url: string;
  headers: Headers;
  body: Uint8Array;
  certificate_version: [] | [number];
}
interface Response {
  status_code: number;
  headers: Headers;
  body: Uint8Array;
}

interface Certified {
  write(text: string): Promise<void>;
  writeSilently(text: string): Promise<void>;
  certifyAndTrap(text: string): Promise<void>;
  increment(): Promise<bigint>;
  read(): Promise<{ value: bigint; certificate: [] | [Uint8Array]; witness: Uint8Array }>;
  certificateInUpdate(): Promise<[] | [Uint8Array]>;
  http_request(request: Request): Promise<Response>;
}

const certifiedInterface: IDL.InterfaceFactory = ({ IDL }) => {
  const headers = IDL.Vec(IDL.Tuple(IDL.Text, IDL.Text));
  const blob = IDL.Vec(IDL.Nat8);
  const request = { method: IDL.Text, url: IDL.Text, headers, body: blob, certificate_version: IDL.Opt(IDL.Nat16) };
  return IDL.Service({
    write: IDL.Func([IDL.Text], []),
    writeSilently: IDL.Func([IDL.Text], []),
    certifyAndTrap: IDL.Func([IDL.Text], []),
    increment: IDL.Func([], [IDL.Nat]),
    read: IDL.Func([], [IDL.Record({ value: IDL.Nat, certificate: IDL.Opt(blob), witness: blob })], ['query']),
    certificateInUpdate: IDL.Func([], [IDL.Opt(blob)]),
    http_request: IDL.Func([IDL.Record(request)], [IDL.Record({ status_code: IDL.Nat16, headers, body: blob })], ['query'])
  });
};

/** What was verified, as far as it is looked at here. */
interface Verified {
  verificationVersion: number;
  response?: { statusCode?: number; headers: Headers; body: Uint8Array };
}

const MINUTE_NS = 60_000_000_000n;

describe('what a Motoko canister certifies', () => {
  let ic: LocalIc;
  let canisterId: Principal;
  let actor: Certified;

  beforeAll(async () => {
    ic = await createLocalIc();
    canisterId = await ic.createCanister();
    await ic.installCode({ canisterId, wasm: await fixtureWasm('certified/main'), arg: initArgument({}), mode: 'install' });
    const { url } = await ic.listen({ port: 0 });
    // An unmodified agent with every check on.
    const agent = await HttpAgent.create({ host: url, rootKey: ic.rootKey, identity: new AnonymousIdentity() });
    actor = Actor.createActor<Certified>(certifiedInterface, { agent, canisterId });
  });
  afterAll(() => ic.close());

  describe('as a variable', () => {
    const read = async () => {
      const { value, certificate, witness } = await actor.read();
      const verified = await Certificate.create({ certificate: new Uint8Array(certificate[0] ?? []), rootKey: ic.rootKey, canisterId });
      const data = lookupResultToBuffer(verified.lookup_path(['canister', canisterId.toUint8Array(), 'certified_data']));
      return { value, data, tree: decode<EncodedTree>(new Uint8Array(witness)) };
    };

    it('is proved from the beginning, and after each update', async () => {
      for (let expected = 0n; expected < 3n; expected++) {
        const { value, data, tree } = await read();
        expect(value).toBe(expected);
        expect(lookup([utf8('counter')], tree)).toEqual({ status: 'found', value: utf8(String(expected)) });
        expect(await reconstruct(tree as unknown as HashTree)).toEqual(data);
        await actor.increment();
      }
    });

    it('has a certificate in queries only', async () => {
      expect(await actor.certificateInUpdate()).toEqual([]);
    });

    it('is what it was before, when a message that certified another traps', async () => {
      const { data } = await read();
      await expect(actor.certifyAndTrap('never')).rejects.toThrow(/after certifying/);
      expect((await read()).data).toEqual(data);
    });

    it('is kept over an upgrade, until the new actor certifies', async () => {
      const { data } = await read();
      const wasm = await fixtureWasm('certified/main');
      await ic.installCode({ canisterId, wasm, arg: initArgument({}), mode: 'upgrade', keepMemory: true });
      expect((await read()).data).toEqual(data);
    });
  });

  describe.each([1, 2])('as an HTTP response of version %i', (version) => {
    const request: Request = { method: 'GET', url: '/page', headers: [], body: new Uint8Array(), certificate_version: [version] };
    let response: Response;
    beforeEach(async () => {
      await actor.write(`<p>Version ${version}</p>`);
      response = { ...(await actor.http_request(request)) };
      response.body = new Uint8Array(response.body);
    });

    const verify = (
      change: Partial<Response> = {},
      options: Partial<Request & { id: Principal; laterNs: bigint; rootKey: Uint8Array; least: number }> = {}
    ) => {
      const { id = canisterId, laterNs = 0n, rootKey = ic.rootKey, least = version, ...other } = options;
      const now = BigInt(Date.now()) * 1_000_000n + laterNs;
      return verifyRequestResponsePair(
        { ...request, ...other },
        { ...response, ...change },
        id.toUint8Array(),
        now,
        5n * MINUTE_NS,
        rootKey,
        least
      ) as Verified;
    };

    it('passes @dfinity/response-verification', () => {
      const { verificationVersion, response: verified } = verify();
      expect(verificationVersion).toBe(version);
      expect(new TextDecoder().decode(verified?.body)).toBe(`<p>Version ${version}</p>`);
      // Version 1 knows nothing of status and headers.
      expect(verified?.statusCode).toBe(version === 2 ? 200 : undefined);
      expect(verified?.headers.some(([name]) => name === 'content-type')).toBe(version === 2);
    });

    it('is refused when its body was changed on the way', () => {
      expect(refusal(() => verify({ body: utf8('<p>Pay here</p>') }))).toMatch(/body|hash/i);
    });

    it('is refused for another address', () => {
      expect(() => verify({}, { url: '/other' })).toThrow();
    });

    it('is refused when it is too old, from another canister, or from another network', async () => {
      expect(refusal(() => verify({}, { laterNs: 10n * MINUTE_NS }))).toMatch(/certificate|time/i);
      const stranger = await ic.createCanister();
      expect(refusal(() => verify({}, { id: stranger }))).toMatch(/certificate|certified/i);
      const other = await createLocalIc({ seed: 'another network' });
      expect(refusal(() => verify({}, { rootKey: other.rootKey }))).toMatch(/certificate|signature/i);
      await other.close();
    });

    it('is refused when the canister changed the page and did not certify it', async () => {
      await actor.writeSilently('<p>Not certified</p>');
      response = await actor.http_request(request);
      expect(() => verify({ body: new Uint8Array(response.body) })).toThrow();
    });
  });

  describe('as an HTTP response', () => {
    const request = (version: number): Request => ({
      method: 'GET',
      url: '/page',
      headers: [],
      body: new Uint8Array(),
      certificate_version: [version]
    });
    const answer = async (version: number): Promise<Response> => {
      await actor.write('<p>page</p>');
      const response = await actor.http_request(request(version));
      return { ...response, body: new Uint8Array(response.body) };
    };
    const verify = (response: Response): Verified => {
      const now = BigInt(Date.now()) * 1_000_000n;
      return verifyRequestResponsePair(request(2), response, canisterId.toUint8Array(), now, 5n * MINUTE_NS, ic.rootKey, 2) as Verified;
    };

    it('of version 2 proves its status and the headers it names, and no others', async () => {
      const response = await answer(2);
      const others = response.headers.slice(1);
      const verified = verify({ ...response, headers: [...response.headers, ['x-added', 'on the way']] });
      expect(verified.response?.headers).toContainEqual(['content-type', 'text/html']);
      expect(verified.response?.headers.map(([name]) => name)).not.toContain('x-added');
      expect(refusal(() => verify({ ...response, status_code: 404 }))).toMatch(/hash/i);
      expect(refusal(() => verify({ ...response, headers: [['content-type', 'text/javascript'], ...others] }))).toMatch(/hash/i);
      expect(refusal(() => verify({ ...response, headers: others }))).toMatch(/hash/i);
      expect(refusal(() => verify({ ...response, headers: response.headers.slice(0, 1) }))).toMatch(/certificat/i);
    });

    it('of version 1 is no answer to who asks for 2', async () => {
      const response = await answer(1);
      expect(refusal(() => verify(response))).toMatch(/version/i);
    });
  });
});

/** Why it was refused. */
function refusal(verify: () => unknown): string {
  try {
    verify();
  } catch (error) {
    return String(Reflect.get(Object(error), 'message'));
  }
  throw new Error('It was accepted');
}
