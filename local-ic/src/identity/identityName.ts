import { IdentityError } from './IdentityError.ts';

const MAX_NAME_LENGTH = 40;

// Control characters, line separators and the marks that reverse text: a name made of them could pass for another one.
const UNPRINTABLE = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

/**
 * The name as it will be stored: trimmed, in composed Unicode form.
 *
 * @param taken Names that already exist; two that differ only in case would be confused.
 * @throws IdentityError saying what is wrong with it.
 */
export function checkIdentityName(input: string, taken: readonly string[]): string {
  const name = input.normalize('NFC').trim();
  const length = [...name].length;
  if (length === 0) throw new IdentityError('Enter a name for the identity.');
  if (length > MAX_NAME_LENGTH) {
    throw new IdentityError(`A name has at most ${MAX_NAME_LENGTH} characters; this one has ${length}.`);
  }
  if (UNPRINTABLE.test(name)) throw new IdentityError('A name is one line of visible characters.');
  const twin = taken.find((other) => other.toLowerCase() === name.toLowerCase());
  if (twin !== undefined) throw new IdentityError(`There is already an identity named “${twin}”. Choose another name.`);
  return name;
}
