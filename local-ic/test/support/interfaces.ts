import type { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';

/** Candid interfaces of the actors in test/fixtures, with the types their methods have in TypeScript. */
export interface Counter {
  increment(): Promise<bigint>;
  get(): Promise<bigint>;
  incrementInQuery(): Promise<bigint>;
  ballastSize(): Promise<bigint>;
  growAndTrap(size: bigint): Promise<void>;
  grow(size: bigint): Promise<void>;
  second(): Promise<bigint>;
}

export const counter: IDL.InterfaceFactory = ({ IDL }) =>
  IDL.Service({
    increment: IDL.Func([], [IDL.Nat]),
    get: IDL.Func([], [IDL.Nat], ['query']),
    incrementInQuery: IDL.Func([], [IDL.Nat], ['query']),
    ballastSize: IDL.Func([], [IDL.Nat], ['query']),
    growAndTrap: IDL.Func([IDL.Nat], []),
    grow: IDL.Func([IDL.Nat], []),
    second: IDL.Func([], [IDL.Nat], ['query'])
  });

export interface Guarded {
  unguard(): Promise<void>;
  get(): Promise<bigint>;
  certify(data: Uint8Array): Promise<void>;
  certifyAndTrap(data: Uint8Array): Promise<void>;
  certificate(): Promise<[] | [Uint8Array]>;
  refusedByInspect(): Promise<void>;
}

export const guarded: IDL.InterfaceFactory = ({ IDL }) =>
  IDL.Service({
    unguard: IDL.Func([], []),
    get: IDL.Func([], [IDL.Nat], ['query']),
    certify: IDL.Func([IDL.Vec(IDL.Nat8)], []),
    certifyAndTrap: IDL.Func([IDL.Vec(IDL.Nat8)], []),
    certificate: IDL.Func([], [IDL.Opt(IDL.Vec(IDL.Nat8))], ['query']),
    refusedByInspect: IDL.Func([], [])
  });

export interface Callee {
  echo(text: string): Promise<string>;
  count(): Promise<bigint>;
  isReplicated(): Promise<boolean>;
  release(): Promise<void>;
  waitForRelease(): Promise<bigint>;
  performance(): Promise<[bigint, bigint]>;
}

export const callee: IDL.InterfaceFactory = ({ IDL }) =>
  IDL.Service({
    echo: IDL.Func([IDL.Text], [IDL.Text]),
    count: IDL.Func([], [IDL.Nat], ['query']),
    isReplicated: IDL.Func([], [IDL.Bool], ['query']),
    release: IDL.Func([], []),
    waitForRelease: IDL.Func([], [IDL.Nat]),
    performance: IDL.Func([], [IDL.Nat64, IDL.Nat64], ['query'])
  });

interface Failure {
  code: string;
  message: string;
}

export interface Caller {
  echo(text: string): Promise<string>;
  note(): Promise<void>;
  failures(): Promise<Record<'trap' | 'reject' | 'method' | 'canister' | 'management', [] | [Failure]>>;
  trapAfterAwait(): Promise<void>;
  trapWithFinally(): Promise<void>;
  state(): Promise<{ marks: bigint; cleanups: bigint }>;
  callItself(depth: bigint): Promise<bigint>;
  sendCycles(attached: bigint, taken: bigint): Promise<{ refunded: bigint; spent: bigint }>;
  queryIsReplicated(): Promise<boolean>;
  boundedDeadline(): Promise<[] | [bigint]>;
  boundedWait(seconds: number): Promise<[] | [Failure]>;
  waitForRelease(): Promise<bigint>;
  random(): Promise<Uint8Array>;
  stopItself(): Promise<[] | [Failure]>;
}

export const caller: IDL.InterfaceFactory = ({ IDL }) => {
  const failure = IDL.Opt(IDL.Record({ code: IDL.Text, message: IDL.Text }));
  return IDL.Service({
    echo: IDL.Func([IDL.Text], [IDL.Text]),
    note: IDL.Func([], []),
    failures: IDL.Func([], [IDL.Record({ trap: failure, reject: failure, method: failure, canister: failure, management: failure })]),
    trapAfterAwait: IDL.Func([], []),
    trapWithFinally: IDL.Func([], []),
    state: IDL.Func([], [IDL.Record({ marks: IDL.Nat, cleanups: IDL.Nat })], ['query']),
    callItself: IDL.Func([IDL.Nat], [IDL.Nat]),
    sendCycles: IDL.Func([IDL.Nat, IDL.Nat], [IDL.Record({ refunded: IDL.Nat, spent: IDL.Nat })]),
    queryIsReplicated: IDL.Func([], [IDL.Bool]),
    boundedDeadline: IDL.Func([], [IDL.Opt(IDL.Nat)]),
    boundedWait: IDL.Func([IDL.Nat32], [failure]),
    waitForRelease: IDL.Func([], [IDL.Nat]),
    random: IDL.Func([], [IDL.Vec(IDL.Nat8)]),
    stopItself: IDL.Func([], [failure])
  });
};

export interface Timers {
  once(seconds: bigint, name: string): Promise<void>;
  every(seconds: bigint, name: string): Promise<void>;
  cancel(): Promise<void>;
  chain(length: bigint): Promise<void>;
  log(): Promise<[string, bigint][]>;
}

export const timers: IDL.InterfaceFactory = ({ IDL }) =>
  IDL.Service({
    once: IDL.Func([IDL.Nat, IDL.Text], []),
    every: IDL.Func([IDL.Nat, IDL.Text], []),
    cancel: IDL.Func([], []),
    chain: IDL.Func([IDL.Nat], []),
    log: IDL.Func([], [IDL.Vec(IDL.Tuple(IDL.Text, IDL.Int))], ['query'])
  });

export interface Composite {
  get(): Promise<bigint>;
  visit(): Promise<void>;
  sum(): Promise<bigint>;
  nested(): Promise<[bigint, bigint]>;
  endless(): Promise<bigint>;
  caught(): Promise<string>;
}

export const composite: IDL.InterfaceFactory = ({ IDL }) =>
  IDL.Service({
    get: IDL.Func([], [IDL.Nat], ['query']),
    visit: IDL.Func([], []),
    sum: IDL.Func([], [IDL.Nat], ['composite_query']),
    nested: IDL.Func([], [IDL.Nat, IDL.Nat], ['composite_query']),
    endless: IDL.Func([], [IDL.Nat], ['composite_query']),
    caught: IDL.Func([], [IDL.Text], ['composite_query'])
  });

export interface Recursion {
  recurse(levels: bigint): Promise<bigint>;
  total(): Promise<bigint>;
}

export const recursion: IDL.InterfaceFactory = ({ IDL }) =>
  IDL.Service({ recurse: IDL.Func([IDL.Nat], [IDL.Nat]), total: IDL.Func([], [IDL.Nat], ['query']) });
export interface Factory {
  create(cycles: bigint): Promise<Principal>;
  make(name: string, cycles: bigint): Promise<Principal>;
  makeFor(name: string, cycles: bigint, controllers: Principal[]): Promise<Principal>;
  upgrade(worker: Principal, name: string): Promise<void>;
  reinstall(worker: Principal, name: string): Promise<void>;
  balance(): Promise<bigint>;
}

export const factory: IDL.InterfaceFactory = ({ IDL }) =>
  IDL.Service({
    create: IDL.Func([IDL.Nat], [IDL.Principal]),
    make: IDL.Func([IDL.Text, IDL.Nat], [IDL.Principal]),
    makeFor: IDL.Func([IDL.Text, IDL.Nat, IDL.Vec(IDL.Principal)], [IDL.Principal]),
    upgrade: IDL.Func([IDL.Principal, IDL.Text], []),
    reinstall: IDL.Func([IDL.Principal, IDL.Text], []),
    balance: IDL.Func([], [IDL.Nat], ['query'])
  });

export interface Worker {
  work(): Promise<bigint>;
  called(): Promise<string>;
  balance(): Promise<bigint>;
}

export const worker: IDL.InterfaceFactory = ({ IDL }) =>
  IDL.Service({
    work: IDL.Func([], [IDL.Nat]),
    called: IDL.Func([], [IDL.Text], ['query']),
    balance: IDL.Func([], [IDL.Nat], ['query'])
  });

interface HttpAnswer {
  status: bigint;
  headers: { name: string; value: string }[];
  body: Uint8Array;
}

export interface OutcallArgument {
  url: string;
  max_response_bytes: [] | [bigint];
  method: Partial<Record<'get' | 'head' | 'post' | 'put' | 'delete', null>>;
  headers: { name: string; value: string }[];
  body: [] | [Uint8Array];
  is_replicated: [] | [boolean];
  transform: Partial<Record<'none' | 'strip' | 'trap' | 'swell' | 'foreign', null>>;
}

export interface Outcalls {
  fetch(argument: OutcallArgument): Promise<{ answer: { ok: HttpAnswer } | { err: Failure }; refunded: bigint }>;
  answered(): Promise<bigint>;
}

export const outcalls: IDL.InterfaceFactory = ({ IDL }) => {
  const headers = IDL.Vec(IDL.Record({ name: IDL.Text, value: IDL.Text }));
  const blob = IDL.Vec(IDL.Nat8);
  const argument = IDL.Record({
    url: IDL.Text,
    max_response_bytes: IDL.Opt(IDL.Nat64),
    method: IDL.Variant({ get: IDL.Null, head: IDL.Null, post: IDL.Null, put: IDL.Null, delete: IDL.Null }),
    headers,
    body: IDL.Opt(blob),
    is_replicated: IDL.Opt(IDL.Bool),
    transform: IDL.Variant({ none: IDL.Null, strip: IDL.Null, trap: IDL.Null, swell: IDL.Null, foreign: IDL.Null })
  });
  const answer = IDL.Variant({
    ok: IDL.Record({ status: IDL.Nat, headers, body: blob }),
    err: IDL.Record({ code: IDL.Text, message: IDL.Text })
  });
  return IDL.Service({
    fetch: IDL.Func([argument], [IDL.Record({ answer, refunded: IDL.Nat })]),
    answered: IDL.Func([], [IDL.Nat], ['query'])
  });
};

/** Init arguments of the fixtures. */
export interface InitArguments {
  start?: bigint;
  callee?: Principal;
  counter?: Principal;
}
