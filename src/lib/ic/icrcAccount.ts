import { Principal } from '@dfinity/principal';
import { AppError } from '../errors/AppError';

/** An ICRC-1 account. No subaccount is the same as 32 zero bytes. */
export interface IcrcAccount {
  readonly owner: Principal;
  readonly subaccount: Uint8Array | undefined;
}

const SUBACCOUNT_BYTES = 32;
const CHECKSUM_CHARS = 7;

/**
 * ICRC-1 textual encoding (github.com/dfinity/ICRC-1, standards/ICRC-1/TextualEncoding.md): the principal alone for the
 * default account, else `principal-checksum.subaccount` with the subaccount in hex without leading zeros.
 */
export function encodeIcrcAccount({ owner, subaccount }: IcrcAccount): string {
  const hex = subaccount === undefined ? '' : toHex(subaccount).replace(/^0+/u, '');
  return subaccount === undefined || hex === '' ? owner.toText() : `${owner.toText()}-${checksum(owner, subaccount)}.${hex}`;
}

/** Reads a destination as typed: a principal or an ICRC-1 account. Throws a request AppError with the precise fault. */
export function decodeIcrcAccount(text: string): IcrcAccount {
  const trimmed = text.trim();
  if (trimmed === '') throw refuse('Enter the principal or ICRC-1 account to send to.');
  if (/^(bc1|tb1|bcrt1)[a-z0-9]{20,}$/iu.test(trimmed) || /^[13][1-9A-HJ-NP-Za-km-z]{25,34}$/u.test(trimmed)) {
    throw refuse('This is a Bitcoin address. Withdrawals are paid in ckBTC: enter a principal or ICRC-1 account.');
  }
  if (/^[0-9a-f]{64}$/iu.test(trimmed)) {
    throw refuse('This is an ICP account identifier, which cannot hold ckBTC. Enter a principal or ICRC-1 account.');
  }
  const [head = '', hex, ...surplus] = trimmed.split('.');
  if (surplus.length > 0) throw refuse('This is not an account: there is more than one dot in it.');
  return hex === undefined ? { owner: toPrincipal(head), subaccount: undefined } : withSubaccount(head, hex);
}

/** What is wrong with a destination as typed, in words; undefined when it is an account. */
export function accountProblem(text: string): string | undefined {
  try {
    decodeIcrcAccount(text);
    return undefined;
  } catch (error) {
    return error instanceof AppError ? error.message : 'This is not an account.';
  }
}

function withSubaccount(head: string, hex: string): IcrcAccount {
  const cut = head.lastIndexOf('-');
  const given = head.slice(cut + 1);
  if (cut < 0 || given.length !== CHECKSUM_CHARS)
    throw refuse('This account has no check characters before the dot. Copy it again in full.');
  if (!/^[0-9a-f]{1,64}$/u.test(hex)) throw refuse('The part after the dot must be 1 to 64 characters of 0-9 and a-f.');
  if (hex.startsWith('0')) throw refuse('The part after the dot must not begin with a zero.');
  const owner = toPrincipal(head.slice(0, cut));
  const subaccount = Uint8Array.from(hex.padStart(SUBACCOUNT_BYTES * 2, '0').match(/../gu) ?? [], (byte) => Number.parseInt(byte, 16));
  if (checksum(owner, subaccount) !== given) throw refuse('The check characters do not fit: this account was mistyped or cut off.');
  return { owner, subaccount };
}

function toPrincipal(text: string): Principal {
  let owner: Principal;
  try {
    owner = Principal.fromText(text);
  } catch (cause) {
    throw refuse('This is not a principal: check that all of it was copied.', cause);
  }
  if (owner.isAnonymous()) throw refuse('This is the anonymous principal: nobody could ever use what is sent there.');
  return owner;
}

function refuse(message: string, cause?: unknown): AppError {
  return new AppError({ kind: 'request', code: 'invalid_destination', message, cause });
}

/** CRC-32 (ISO 3309) of principal and subaccount, big endian, in lower-case base 32 without padding. */
function checksum(owner: Principal, subaccount: Uint8Array): string {
  const value = crc32([...owner.toUint8Array(), ...subaccount]);
  const bits = value.toString(2).padStart(32, '0').padEnd(35, '0');
  return (bits.match(/.{5}/gu) ?? []).map((five) => 'abcdefghijklmnopqrstuvwxyz234567'.charAt(Number.parseInt(five, 2))).join('');
}

function crc32(bytes: readonly number[]): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
