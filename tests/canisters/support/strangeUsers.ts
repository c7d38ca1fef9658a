import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import type { LocalIc } from '../../../local-ic/src/index.ts';
import { installProbe } from './probe.ts';

/** How the legacy platform of tests/canisters/motoko/StrangeUsers.mo behaves when a balance is to be taken. */
export const modes = [
  'obey',
  'refuse',
  'lose_request',
  'lose_answer',
  'lose_and_spend',
  'say_yes_only',
  'answer_nonsense',
  'take_half',
  'refuse_but_take',
  'win_after',
  'unreadable'
] as const;
export type Mode = (typeof modes)[number];

/** Amounts in BTC. */
export interface StrangeUsers {
  readonly id: Principal;
  setMode(mode: Mode): Promise<void>;
  set_balance(user: Principal, btc: number): Promise<void>;
  balance(user: Principal): Promise<number>;
  /** What was taken by request, less what was given back. */
  taken_from(user: Principal): Promise<number>;
  /** What the user won, less what they spent. */
  changed_otherwise(user: Principal): Promise<number>;
  times_asked(): Promise<bigint>;
  admin_credit_user_balance(user: Principal, btc: number): Promise<object>;
}
type Actor = Omit<StrangeUsers, 'id' | 'setMode'> & { set_mode(mode: Partial<Record<Mode, null>>): Promise<void> };

const idl: IDL.InterfaceFactory = () =>
  IDL.Service({
    set_mode: IDL.Func([IDL.Variant(Object.fromEntries(modes.map((mode) => [mode, IDL.Null])))], [], []),
    set_balance: IDL.Func([IDL.Principal, IDL.Float64], [], []),
    balance: IDL.Func([IDL.Principal], [IDL.Float64], ['query']),
    taken_from: IDL.Func([IDL.Principal], [IDL.Float64], ['query']),
    changed_otherwise: IDL.Func([IDL.Principal], [IDL.Float64], ['query']),
    times_asked: IDL.Func([], [IDL.Nat], ['query']),
    admin_credit_user_balance: IDL.Func([IDL.Principal, IDL.Float64], [IDL.Variant({ ok: IDL.Text, err: IDL.Text, nonsense: IDL.Nat })], [])
  });

export async function installStrangeUsers(ic: LocalIc): Promise<StrangeUsers> {
  const id = await installProbe(ic, 'StrangeUsers');
  const actor = ic.actor<Actor>(idl, id);
  return {
    id,
    setMode: (mode) => actor.set_mode({ [mode]: null }),
    set_balance: (user, btc) => actor.set_balance(user, btc),
    balance: (user) => actor.balance(user),
    taken_from: (user) => actor.taken_from(user),
    changed_otherwise: (user) => actor.changed_otherwise(user),
    times_asked: () => actor.times_asked(),
    admin_credit_user_balance: (user, btc) => actor.admin_credit_user_balance(user, btc)
  };
}
