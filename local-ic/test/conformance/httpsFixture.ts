import { Ed25519KeyIdentity } from '@dfinity/identity';
import type { Principal } from '@dfinity/principal';
import { createLocalIc, type LocalIc } from '../../src/index.ts';
import { program, type Program } from '../universal/Program.ts';
import { universalWasm, type UniversalOptions } from '../universal/universalWasm.ts';
import { text } from '../universal/values.ts';
import { HttpsClient, type Answer } from './httpsClient.ts';

export const alice = Ed25519KeyIdentity.generate(new Uint8Array(32).fill(7));
export const bob = Ed25519KeyIdentity.generate(new Uint8Array(32).fill(8));
export const hello = program().reply(text('hello'));

export const statusPath = (id: Uint8Array, ...rest: string[]): (string | Uint8Array)[] => ['request_status', id, ...rest];
export const isClientError = ({ status }: Answer): boolean => status >= 400 && status < 500;

/** A network that listens, with two universal canisters. */
export class HttpsFixture {
  readonly ic: LocalIc;
  readonly client: HttpsClient;
  /** Has the custom sections `open`, public, and `closed`, private. */
  readonly canisterId: Principal;
  readonly otherId: Principal;

  private constructor(ic: LocalIc, client: HttpsClient, [canisterId, otherId]: [Principal, Principal]) {
    this.ic = ic;
    this.client = client;
    this.canisterId = canisterId;
    this.otherId = otherId;
  }

  static async start(): Promise<HttpsFixture> {
    const ic = await createLocalIc();
    const sections = { 'icp:public open': 'for all', 'icp:private closed': 'for controllers' };
    const ids: [Principal, Principal] = [await install(ic, { customSections: sections }), await install(ic)];
    return new HttpsFixture(ic, new HttpsClient(ic, await ic.listen({ port: 0 })), ids);
  }

  install(options: UniversalOptions): Promise<Principal> {
    return install(this.ic, options);
  }

  callContent(run: Program, change: Record<string, unknown> = {}, method = 'update'): Record<string, unknown> {
    return this.client.content(this.canisterId, method, run.bytes(), change);
  }

  call(run: Program, change?: Record<string, unknown>): Promise<Answer> {
    return this.client.send('call', this.canisterId, this.callContent(run, change));
  }

  /** A field of a request's status, as text; undefined when it is absent. */
  async readStatus(answer: Answer, id: Uint8Array, field: string): Promise<string | undefined> {
    const value = await this.client.certified(answer, this.canisterId, statusPath(id, field));
    return value && new TextDecoder().decode(value);
  }
}

async function install(ic: LocalIc, options: UniversalOptions = {}): Promise<Principal> {
  const canisterId = await ic.createCanister();
  await ic.installCode({ canisterId, wasm: universalWasm(options), arg: new Uint8Array(), mode: 'install' });
  return canisterId;
}
