import type { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import { compileMotoko, type LocalIc } from '../../src/index.ts';

/** The interface of test/fixtures/agent.mo. */
export interface AgentFixture {
  increment(): Promise<bigint>;
  get(): Promise<bigint>;
  greet(name: string): Promise<string>;
  whoAmI(): Promise<Principal>;
  whoAmIQuery(): Promise<Principal>;
  trap(message: string): Promise<void>;
  trapInQuery(message: string): Promise<void>;
  refuse(message: string): Promise<void>;
  certify(data: Uint8Array): Promise<void>;
  certificate(): Promise<[] | [Uint8Array]>;
  uninvited(): Promise<void>;
}

export const agentFixtureInterface: IDL.InterfaceFactory = ({ IDL }) =>
  IDL.Service({
    increment: IDL.Func([], [IDL.Nat], []),
    get: IDL.Func([], [IDL.Nat], ['query']),
    greet: IDL.Func([IDL.Text], [IDL.Text], ['query']),
    whoAmI: IDL.Func([], [IDL.Principal], []),
    whoAmIQuery: IDL.Func([], [IDL.Principal], ['query']),
    trap: IDL.Func([IDL.Text], [], []),
    trapInQuery: IDL.Func([IDL.Text], [], ['query']),
    refuse: IDL.Func([IDL.Text], [], []),
    certify: IDL.Func([IDL.Vec(IDL.Nat8)], [], []),
    certificate: IDL.Func([], [IDL.Opt(IDL.Vec(IDL.Nat8))], ['query']),
    uninvited: IDL.Func([], [], [])
  });

/** Compiles and installs test/fixtures/agent.mo. */
export async function installAgentFixture(ic: LocalIc, owner: { controllers?: Principal[]; sender?: Principal } = {}): Promise<Principal> {
  const { wasm } = await compileMotoko({
    entry: new URL('../fixtures/agent.mo', import.meta.url).pathname,
    cacheDir: new URL('../../../node_modules/.cache/motoko', import.meta.url).pathname
  });
  const canisterId = await ic.createCanister(owner.controllers && { controllers: owner.controllers });
  // "DIDL", no types, no arguments.
  const arg = Uint8Array.of(0x44, 0x49, 0x44, 0x4c, 0, 0);
  await ic.installCode({ canisterId, wasm, arg, mode: 'install', ...(owner.sender && { sender: owner.sender }) });
  return canisterId;
}
