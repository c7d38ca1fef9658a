import { Principal } from '@dfinity/principal';

/** Eight characters for no bytes, 63 for the 29 that a principal has at most. */
const SHAPE = /^[a-z2-7-]{8,63}$/i;

/**
 * Reads the textual representation of a principal, in upper or lower case (IC interface specification, "Textual representation of
 * principals"). The client library's reader takes lower case only, and JSON besides.
 * @throws Error that says why the text is none
 */
export function parsePrincipalText(text: string): Principal {
  if (!SHAPE.test(text)) throw new Error('the text of a principal has 8 to 63 characters, all of them a-z, 2-7 or "-"');
  return Principal.fromText(text.toLowerCase());
}
