import { lebEncode, slebEncode } from '@dfinity/candid';

/** Candid made byte by byte, for messages that no library would write: https://github.com/dfinity/candid/blob/master/spec/Candid.md. */
export type Bytes = readonly number[] | Uint8Array;

export function joined(...parts: readonly Bytes[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export const repeated = (unit: Bytes, count: number): Uint8Array =>
  Uint8Array.from({ length: unit.length * count }, (_, index) => unit[index % unit.length] ?? 0);

export const leb = (value: number): number[] => [...lebEncode(value)];
const sleb = (value: number): number[] => [...slebEncode(value)];

/** Types that need no entry in the table. */
export const types = { null: -1, nat: -3, int: -4, nat8: -5, nat32: -7, nat64: -8, text: -15, reserved: -16, principal: -24 } as const;

/** Entries of the table; `type` is one of the above or a place in the table. The fields of a record, and alternatives, in the order of their numbers. */
export const opt = (type: number): number[] => [...sleb(-18), ...sleb(type)];
export const vec = (type: number): number[] => [...sleb(-19), ...sleb(type)];
const fields = (of: readonly (readonly [id: number, type: number])[]): number[] => [
  ...leb(of.length),
  ...of.flatMap(([id, type]) => [...leb(id), ...sleb(type)])
];
export const record = (...of: readonly (readonly [id: number, type: number])[]): number[] => [...sleb(-20), ...fields(of)];
export const variant = (...of: readonly (readonly [id: number, type: number])[]): number[] => [...sleb(-21), ...fields(of)];
/** `count` fields or alternatives that hold nothing. */
export const nulls = (count: number, from = 0): [number, number][] =>
  Array.from({ length: count }, (_, index) => [from + index, types.null]);

/** A whole message: the table of types, the types of the arguments, their values. */
export const message = (table: readonly Bytes[], args: readonly number[], ...values: readonly Bytes[]): Uint8Array =>
  joined([0x44, 0x49, 0x44, 0x4c], leb(table.length), ...table, leb(args.length), ...args.map(sleb), ...values);
