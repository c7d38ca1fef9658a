import { IDL } from '@dfinity/candid';
import type { CanisterFaultRule } from './canisterRules.ts';

/** The number each error carries, by its name; null for one that carries none. From the standards ICRC-1 and ICRC-2. */
const FIELDS = {
  BadFee: 'expected_fee',
  BadBurn: 'min_burn_amount',
  InsufficientFunds: 'balance',
  InsufficientAllowance: 'allowance',
  AllowanceChanged: 'current_allowance',
  Expired: 'ledger_time',
  TooOld: null,
  CreatedInFuture: 'ledger_time',
  Duplicate: 'duplicate_of',
  TemporarilyUnavailable: null,
  GenericError: 'error_code'
} as const;

export type LedgerVariant = keyof typeof FIELDS;

/** What the errors carry. */
interface LedgerErrorFields {
  BadFee: { expected_fee: bigint };
  BadBurn: { min_burn_amount: bigint };
  InsufficientFunds: { balance: bigint };
  InsufficientAllowance: { allowance: bigint };
  AllowanceChanged: { current_allowance: bigint };
  /** ns since 1970. */
  Expired: { ledger_time: bigint };
  TooOld: Record<string, never>;
  /** ns since 1970. */
  CreatedInFuture: { ledger_time: bigint };
  Duplicate: { duplicate_of: bigint };
  TemporarilyUnavailable: Record<string, never>;
  GenericError: { error_code: bigint; message: string };
}

/** In the order of the standards. */
const COMMON: readonly LedgerVariant[] = [
  'BadFee',
  'InsufficientFunds',
  'TooOld',
  'CreatedInFuture',
  'Duplicate',
  'TemporarilyUnavailable',
  'GenericError'
];
const METHODS: Readonly<Record<string, readonly LedgerVariant[]>> = {
  icrc1_transfer: [...COMMON, 'BadBurn'],
  icrc2_transfer_from: [...COMMON, 'BadBurn', 'InsufficientAllowance'],
  icrc2_approve: [...COMMON, 'AllowanceChanged', 'Expired']
};

export const LEDGER_VARIANTS = Object.keys(FIELDS) as readonly LedgerVariant[];

/**
 * A rule: the ledger answers ICRC-1 and ICRC-2 transfers and approvals with an error, of the methods that have it, and does nothing.
 * @param fields what the error carries; default 0, and for times the network's
 * @example ic.faults.add({ ...ledgerError('BadFee', { expected_fee: 20n }), match: { canisterId: ledger }, count: 1 })
 */
export function ledgerError<V extends LedgerVariant>(
  variant: V,
  fields?: LedgerErrorFields[V]
): Extract<CanisterFaultRule, { kind: 'ledger-error' }> {
  const name = FIELDS[variant];
  const { message, ...rest }: Record<string, unknown> = { ...fields };
  const value = name === null ? undefined : rest[name];
  return {
    kind: 'ledger-error',
    variant,
    ...(typeof value === 'bigint' && { value }),
    ...(typeof message === 'string' && { message })
  };
}

/** Whether an error carries a number, and whether a text. */
export function ledgerErrorCarries(variant: string): { value: boolean; message: boolean } {
  return { value: FIELDS[variant as LedgerVariant] !== null, message: variant === 'GenericError' };
}

/** Whether a method of a ledger can answer with an error. */
export function ledgerMethodHas(method: string, variant: LedgerVariant): boolean {
  return METHODS[method]?.includes(variant) === true;
}

/** The Candid answer of a method. @param given the number the error carries; undefined: 0, and for times `nowNs` */
export function encodeLedgerError(
  method: string,
  {
    variant,
    value: given,
    message = 'The ledger was told to fail.'
  }: { variant: LedgerVariant; value: bigint | undefined; message?: string },
  nowNs: bigint
): Uint8Array {
  const variants = METHODS[method] ?? COMMON;
  const error = IDL.Variant(Object.fromEntries(variants.map((name) => [name, typeOf(name)])));
  const result = IDL.Variant({ Ok: IDL.Nat, Err: error });
  const field = FIELDS[variant];
  const value = given ?? (field === 'ledger_time' ? nowNs : 0n);
  const content = field === null ? null : { [field]: value, ...(variant === 'GenericError' && { message }) };
  return new Uint8Array(IDL.encode([result], [{ Err: { [variant]: content } }]));
}

function typeOf(variant: LedgerVariant): IDL.Type {
  const field = FIELDS[variant];
  if (field === null) return IDL.Null;
  if (variant === 'GenericError') return IDL.Record({ error_code: IDL.Nat, message: IDL.Text });
  return IDL.Record({ [field]: field === 'ledger_time' ? IDL.Nat64 : IDL.Nat });
}
