import { ExternalKind } from './format.ts';
import type { ParsedModule } from './parseModule.ts';
import { WasmFormatError } from './WasmFormatError.ts';

/** The limits of the interface specification ("WebAssembly module requirements"). */
const MAX_FUNCTIONS = 50_000;
const MAX_GLOBALS = 1_000;
const MAX_CUSTOM_SECTIONS = 16;
const MAX_CUSTOM_SECTION_BYTES = 1_048_576;
const MAX_METHODS = 1_000;
const MAX_METHOD_NAME_BYTES = 20_000;

const SYSTEM_EXPORTS = ['init', 'pre_upgrade', 'post_upgrade', 'inspect_message', 'heartbeat', 'global_timer', 'on_low_wasm_memory'].map(
  (name) => `canister_${name}`
);
const METHOD_EXPORT = /^canister_(update|query|composite_query) (.*)$/s;
const PUBLIC_OR_PRIVATE = /^icp:(?:public|private) (.*)$/s;

const byteLength = (text: string): number => Buffer.byteLength(text);

function atMost(limit: number, actual: number, what: string): void {
  if (actual > limit) throw new WasmFormatError(`it has ${actual} ${what}, and a canister may have at most ${limit}`);
}

/**
 * What the IC asks of a canister's module beyond valid Wasm.
 *
 * @throws WasmFormatError with the first rule it breaks
 */
export function checkCanisterRules(module: ParsedModule): void {
  atMost(MAX_FUNCTIONS, module.functions.length - module.imports.length, 'functions');
  atMost(MAX_GLOBALS, module.globals.length, 'globals');
  checkExports(module);
  checkCustomSections(module);
}

function checkExports({ exports, functions }: ParsedModule): void {
  const methods = new Set<string>();
  for (const { name, kind, index } of exports) {
    const method = METHOD_EXPORT.exec(name)?.[2];
    if (method === undefined && !SYSTEM_EXPORTS.includes(name)) {
      if (name.startsWith('canister_')) throw new WasmFormatError(`export "${name}" has the prefix "canister_", which is for entry points`);
      continue;
    }
    const type = functions[index];
    if (kind !== ExternalKind.function || type === undefined || type.params.length > 0 || type.results.length > 0) {
      throw new WasmFormatError(`export "${name}" is not a function without parameters and results`);
    }
    if (method === undefined) continue;
    if (methods.has(method)) throw new WasmFormatError(`method "${method}" is exported twice`);
    methods.add(method);
  }
  atMost(MAX_METHODS, methods.size, 'methods');
  const nameBytes = [...methods].reduce((sum, method) => sum + byteLength(method), 0);
  atMost(MAX_METHOD_NAME_BYTES, nameBytes, 'bytes of method names');
}

function checkCustomSections({ customSections }: ParsedModule): void {
  const names = new Set<string>();
  let bytes = 0;
  for (const { name, content } of customSections) {
    if (!name.startsWith('icp:')) continue;
    const own = PUBLIC_OR_PRIVATE.exec(name)?.[1];
    if (own === undefined) throw new WasmFormatError(`custom section "${name}" is neither "icp:public <name>" nor "icp:private <name>"`);
    if (names.has(own)) throw new WasmFormatError(`there are two icp: custom sections with the name "${own}"`);
    names.add(own);
    bytes += byteLength(own) + content.length;
  }
  atMost(MAX_CUSTOM_SECTIONS, names.size, 'icp: custom sections');
  atMost(MAX_CUSTOM_SECTION_BYTES, bytes, 'bytes in icp: custom sections');
}
