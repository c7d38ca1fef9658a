/** Wider than any interface of this network needs, and nowhere near what the decoder's stack can bear. */
const MAX_DEPTH = 100;
/** Entries and fields of the type table together. */
const MAX_TYPES = 10_000;
/** A nat of 128 bits takes 19. Longer ones take the decoder time that grows with the square of their length. */
const MAX_NUMBER_BYTES = 64;
const MAX_PRINCIPAL_BYTES = 29;
/** Values that take no bytes of their own, such as null, may come this often on top of one for each byte. */
const FREE_STEPS = 10_000;

const OPT = -18;
const VEC = -19;
const RECORD = -20;
const VARIANT = -21;
const FUNC = -22;
const SERVICE = -23;

/** How many bytes a value of a primitive type takes, where that is always the same. */
const SIZES = new Map([
  [-1, 0],
  [-2, 1],
  [-5, 1],
  [-6, 2],
  [-7, 4],
  [-8, 8],
  [-9, 1],
  [-10, 2],
  [-11, 4],
  [-12, 8],
  [-13, 4],
  [-14, 8],
  [-16, 0]
]);

interface CompoundType {
  op: number;
  /** The types inside: indices into the table, or negative for primitive ones. */
  inner: number[];
}

/** The bytes are no Candid, or Candid that would take too much work to read. */
class CandidError extends Error {
  override name = 'CandidError';
}

/**
 * Walks through a Candid message without building its values. A few bytes can stand for a list of a billion nulls, or for a value without an end;
 * the decoder of the client library believes them, so what comes from outside is looked at here first.
 * @throws CandidError
 */
export function checkCandid(bytes: Uint8Array): void {
  const walker = new Walker(bytes);
  walker.header();
  const types = walker.typeTable();
  walker.values(types);
}

class Walker {
  readonly #bytes: Uint8Array;
  #offset = 0;
  #steps: number;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#steps = bytes.length + FREE_STEPS;
  }

  header(): void {
    const magic = String.fromCharCode(...this.#bytes.subarray(0, 4));
    if (magic !== 'DIDL') throw new CandidError('a Candid message begins with "DIDL"');
    this.#offset = 4;
  }

  typeTable(): CompoundType[] {
    const types: CompoundType[] = [];
    let fields = 0;
    const count = this.#count();
    for (let index = 0; index < count; index++) {
      const type = this.#type();
      types.push(type);
      fields += 1 + type.inner.length;
      if (fields > MAX_TYPES) throw new CandidError(`the type table has more than ${MAX_TYPES} types and fields`);
    }
    return types;
  }

  values(types: CompoundType[]): void {
    const wanted: number[] = [];
    for (let left = this.#count(); left > 0; left--) wanted.push(this.#typeIndex());
    for (const type of wanted) this.#value(type, types, 0);
  }

  #type(): CompoundType {
    const op = this.#typeIndex();
    switch (op) {
      case OPT:
      case VEC:
        return { op, inner: [this.#typeIndex()] };
      case RECORD:
      case VARIANT:
        return {
          op,
          inner: this.#list(() => {
            this.#number();
            return this.#typeIndex();
          })
        };
      case FUNC:
        this.#list(() => this.#typeIndex());
        this.#list(() => this.#typeIndex());
        this.#list(() => this.#byte());
        return { op, inner: [] };
      case SERVICE:
        this.#list(() => {
          this.#skip(this.#count());
          return this.#typeIndex();
        });
        return { op, inner: [] };
      default:
        throw new CandidError(`there is no type with the number ${op}, at offset ${this.#offset}`);
    }
  }

  #list(read: () => number): number[] {
    const items: number[] = [];
    for (let left = this.#count(); left > 0; left--) items.push(read());
    return items;
  }

  #value(index: number, types: CompoundType[], depth: number): void {
    if (--this.#steps < 0) throw new CandidError('it stands for far more values than it has bytes');
    if (depth > MAX_DEPTH) throw new CandidError(`values are nested deeper than ${MAX_DEPTH} levels`);
    if (index < 0) {
      this.#primitive(index);
      return;
    }
    const type = types[index];
    if (type === undefined) throw new CandidError(`there is no type ${index} in the type table`);
    this.#compound(type, types, depth);
  }

  #compound({ op, inner }: CompoundType, types: CompoundType[], depth: number): void {
    if (op === RECORD) for (const field of inner) this.#value(field, types, depth + 1);
    else if (op === VARIANT) this.#value(inner[this.#count()] ?? this.#noSuchAlternative(), types, depth + 1);
    else if (op === OPT) this.#optional(() => this.#value(inner[0] ?? 0, types, depth + 1));
    else if (op === VEC) this.#vector(inner[0] ?? 0, types, depth);
    else if (op === SERVICE) this.#principal();
    else {
      this.#optional(() => {
        this.#principal();
        this.#skip(this.#count());
      });
    }
  }

  #vector(element: number, types: CompoundType[], depth: number): void {
    const count = this.#count();
    const size = SIZES.get(element) ?? 0;
    if (size > 0) this.#skip(count * size);
    else for (let left = count; left > 0; left--) this.#value(element, types, depth + 1);
  }

  #primitive(type: number): void {
    const size = SIZES.get(type);
    if (size !== undefined) this.#skip(size);
    else if (type === -3 || type === -4) this.#number();
    else if (type === -15) this.#skip(this.#count());
    else if (type === -24) this.#principal();
    else throw new CandidError(type === -17 ? 'a value of the type empty' : `there is no type with the number ${type}`);
  }

  #optional(read: () => void): void {
    const flag = this.#byte();
    if (flag > 1) throw new CandidError(`a flag that is neither 0 nor 1, at offset ${this.#offset - 1}`);
    if (flag === 1) read();
  }

  #principal(): void {
    this.#optional(() => {
      const length = this.#count();
      if (length > MAX_PRINCIPAL_BYTES) throw new CandidError(`a principal of ${length} bytes; it has at most ${MAX_PRINCIPAL_BYTES}`);
      this.#skip(length);
    });
  }

  #noSuchAlternative(): never {
    throw new CandidError(`a variant has no such alternative, at offset ${this.#offset - 1}`);
  }

  #byte(): number {
    const value = this.#bytes[this.#offset];
    if (value === undefined) throw new CandidError('it ends too early');
    this.#offset += 1;
    return value;
  }

  #skip(count: number): void {
    if (count > this.#bytes.length - this.#offset) throw new CandidError('it ends too early');
    this.#offset += count;
  }

  /** A LEB128 number of any kind. @returns how many bytes it takes */
  #number(): number {
    const start = this.#offset;
    while (this.#byte() >= 0x80) {
      if (this.#offset - start >= MAX_NUMBER_BYTES) throw new CandidError(`a number of more than ${MAX_NUMBER_BYTES} bytes`);
    }
    return this.#offset - start;
  }

  /** A length or an index. Beyond 2^53 it loses precision, which no longer matters: nothing is that long. */
  #count(): number {
    const start = this.#offset;
    return this.#valueAt(start, this.#number());
  }

  #typeIndex(): number {
    const start = this.#offset;
    const length = this.#number();
    const value = this.#valueAt(start, length);
    const isNegative = ((this.#bytes[start + length - 1] ?? 0) & 0x40) !== 0;
    return isNegative ? value - 128 ** length : value;
  }

  #valueAt(start: number, length: number): number {
    let value = 0;
    for (let i = length - 1; i >= 0; i--) value = value * 128 + ((this.#bytes[start + i] ?? 0) & 0x7f);
    return value;
  }
}
