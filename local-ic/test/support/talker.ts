import type { IDL } from '@dfinity/candid';

/** The interface of test/fixtures/talker.mo. */
export interface Talker {
  say(text: string): Promise<void>;
  whisper(text: string): Promise<void>;
  keep(text: string): Promise<void>;
  talk(name: string, times: bigint): Promise<bigint>;
  talkAndTrap(name: string): Promise<void>;
  talkAndLeave(name: string): Promise<void>;
  give(amount: bigint): Promise<void>;
  heard(): Promise<bigint>;
  heardByBoth(): Promise<bigint>;
}

export const talker: IDL.InterfaceFactory = ({ IDL }) =>
  IDL.Service({
    say: IDL.Func([IDL.Text], []),
    whisper: IDL.Func([IDL.Text], [], ['oneway']),
    keep: IDL.Func([IDL.Text], []),
    talk: IDL.Func([IDL.Text, IDL.Nat], [IDL.Nat]),
    talkAndTrap: IDL.Func([IDL.Text], []),
    talkAndLeave: IDL.Func([IDL.Text], []),
    give: IDL.Func([IDL.Nat], []),
    heard: IDL.Func([], [IDL.Nat], ['query']),
    heardByBoth: IDL.Func([], [IDL.Nat], ['composite_query'])
  });
