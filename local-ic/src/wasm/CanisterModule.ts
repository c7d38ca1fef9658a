import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { checkCanisterRules } from './checkCanisterRules.ts';
import { globalExport } from './exportNames.ts';
import { instrument } from './instrument.ts';
import { parseModule, type FunctionType, type ParsedModule } from './parseModule.ts';
import { WasmFormatError } from './WasmFormatError.ts';

const GZIP_MAGIC = [0x1f, 0x8b, 0x08];
/** The IC's limit of a module after decompression. */
const MAX_MODULE_BYTES = 100 * 1024 * 1024;
const EOP_SECTION = 'icp:private enhanced-orthogonal-persistence';

/** A module that was validated, rewritten and compiled by V8: what all instances of it share. */
export interface CanisterModule {
  /** As it was installed, for the disk. */
  readonly source: Uint8Array;
  /** SHA-256 of `source`: the module hash the IC reports. */
  readonly hash: Uint8Array;
  readonly compiled: WebAssembly.Module;
  readonly imports: { name: string; type: FunctionType }[];
  /** Whether addresses and sizes of the System API are i64. */
  readonly is64: boolean;
  readonly isTable64: boolean;
  readonly hasMemory: boolean;
  /** Export names of the mutable globals, in the module's order. */
  readonly globals: { name: string; type: string }[];
  readonly metadata: { name: string; isPublic: boolean; content: Uint8Array }[];
  /** Whether the language keeps its state in the Wasm memory across upgrades (Motoko's enhanced orthogonal persistence). */
  readonly isOrthogonallyPersistent: boolean;
}

/** Compiling takes 50 ms and more: canisters installed from the same bytes share the result as long as one is alive. */
const cache = new Map<string, WeakRef<CanisterModule>>();

/**
 * Makes a canister module of Wasm, gzipped or not.
 *
 * @throws WasmFormatError with the reason
 */
export function loadCanisterModule(source: Uint8Array): CanisterModule {
  const hash = new Uint8Array(createHash('sha256').update(source).digest());
  const key = Buffer.from(hash).toString('hex');
  const known = cache.get(key)?.deref();
  if (known !== undefined) return known;
  const module = build(source.slice(), hash);
  cache.set(key, new WeakRef(module));
  return module;
}

function build(source: Uint8Array, hash: Uint8Array): CanisterModule {
  const wasm = decompress(source);
  const parsed = parseModule(wasm);
  checkCanisterRules(parsed);
  const imports = parsed.imports.map(({ module, name, type }) => {
    if (module !== 'ic0') throw new WasmFormatError(`it imports ${module}.${name}, and a canister can import only from "ic0"`);
    return { name, type };
  });
  const metadata = readMetadata(parsed);
  // As it came, so that a fault is reported where it is and nothing can refer to what is added below.
  compile(wasm);
  return {
    source,
    hash,
    compiled: compile(instrument(wasm, parsed), 'after rewriting: '),
    imports,
    is64: parsed.memories[0]?.is64 ?? false,
    isTable64: parsed.tables[0]?.is64 ?? false,
    hasMemory: parsed.memories.length > 0,
    globals: parsed.globals.flatMap(({ type, mutable }, index) => (mutable ? [{ name: globalExport(index), type }] : [])),
    metadata,
    isOrthogonallyPersistent: parsed.customSections.some(({ name }) => name === EOP_SECTION)
  };
}

function decompress(source: Uint8Array): Uint8Array {
  if (!GZIP_MAGIC.every((byte, i) => source[i] === byte)) return source;
  try {
    return new Uint8Array(gunzipSync(source, { maxOutputLength: MAX_MODULE_BYTES }));
  } catch (error) {
    throw new WasmFormatError(`it can't be decompressed: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function compile(wasm: Uint8Array, where = ''): WebAssembly.Module {
  try {
    return new WebAssembly.Module(wasm as Uint8Array<ArrayBuffer>);
  } catch (error) {
    throw new WasmFormatError(`${where}${error instanceof Error ? error.message : String(error)}`);
  }
}

function readMetadata({ customSections }: ParsedModule): CanisterModule['metadata'] {
  return customSections.flatMap(({ name, content }) => {
    const match = /^icp:(public|private) (.*)$/s.exec(name);
    return match ? [{ name: match[2] ?? '', isPublic: match[1] === 'public', content }] : [];
  });
}
