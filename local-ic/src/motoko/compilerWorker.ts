import { createRequire } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import { packageDirectory } from './collectSources.ts';

/** What the worker is given. */
export interface CompileRequest {
  entry: string;
  files: Map<string, string>;
  packages: string[];
  /** Check types only; makes no Wasm. */
  checkOnly: boolean;
}

/** A message of the compiler; lines and columns count from 0, severity 1 is an error. */
export interface Diagnostic {
  source: string;
  range: { start: { line: number; character: number } };
  severity: number;
  code: string;
  message: string;
}

/** What the worker answers; `code` is absent when there were errors or only a check was asked for. */
export interface CompileResponse {
  code?: { wasm: Uint8Array; candid: string; stable: string | null };
  diagnostics: Diagnostic[];
}

// The package's own typings leave the compiler object untyped; these are the parts used here.
interface CorePackage {
  name: string;
  version: string;
  files: Record<string, { content: string }>;
}
interface MotokoCompiler {
  loadPackage(files: CorePackage): void;
  usePackage(name: string, directory: string): void;
  setPublicMetadata(names: string[]): void;
  write(path: string, content: string): void;
  check(path: string): Diagnostic[];
  // The wrapper's own wasm() drops all positions from its errors, so the compiler underneath is asked.
  compiler: {
    compileWasm(
      mode: 'ic',
      path: string
    ): { code: { wasm: Uint8Array; candid: string; stable: string | null } | null; diagnostics: Diagnostic[] };
  };
}

function compile(request: CompileRequest): CompileResponse {
  const require = createRequire(import.meta.url);
  const motoko = require('motoko') as MotokoCompiler;
  motoko.loadPackage(require('motoko/packages/latest/core.json') as CorePackage);
  for (const name of request.packages) motoko.usePackage(name, packageDirectory(name));
  motoko.setPublicMetadata(['candid:service', 'motoko:stable-types']);
  for (const [path, content] of request.files) motoko.write(path, content);
  if (request.checkOnly) return { diagnostics: motoko.check(request.entry) };
  const { code, diagnostics } = motoko.compiler.compileWasm('ic', request.entry);
  return code ? { code, diagnostics } : { diagnostics };
}

parentPort?.postMessage(compile(workerData as CompileRequest));
