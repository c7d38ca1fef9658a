import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, join, relative } from 'node:path';
import { Worker } from 'node:worker_threads';
import { collectSources, type MotokoSources } from './collectSources.ts';
import type { CompileRequest, CompileResponse, Diagnostic } from './compilerWorker.ts';

export interface CompileMotokoOptions {
  /** Path of the actor's .mo file; relative to the working directory. */
  entry: string;
  /** Directory of the cache; made when missing. */
  cacheDir: string;
  /** Package name -> directory of its sources, for `import "mo:name/..."`. `mo:core` is built in. */
  packages?: Record<string, string>;
}

export interface CompiledMotoko {
  wasm: Uint8Array;
  /** The service's Candid, for an actor class with its init arguments. */
  candid: string;
  /** The stable signature, which decides whether an upgrade can keep the state. */
  stableTypes: string;
  /** The compiler's warnings as `file:line:col` lines. */
  warnings: string[];
  /** Whether the answer came from the cache. */
  cached: boolean;
}

/** Raised when before the same sources and the same compiler would give something else, so that no old entry is used. */
const CACHE_FORMAT = 1;

/** The compiler recurses once per nested expression; the default 4 MB of a worker isn't enough for long actors. */
const COMPILER_STACK_MB = 64;

const running = new Map<string, Promise<CompiledMotoko>>();

/**
 * Compiles a Motoko actor to a canister module (enhanced orthogonal persistence, 64-bit), with the public metadata `candid:service` and
 * `motoko:stable-types`. Answers from the cache when all reachable sources and the compiler are the same; otherwise takes 4-6 s in a
 * worker thread.
 *
 * @throws Error with the compiler's messages, one `file:line:col` each
 */
export async function compileMotoko(options: CompileMotokoOptions): Promise<CompiledMotoko> {
  const sources = collectSources(options.entry, options.packages);
  const key = join(options.cacheDir, `${basename(options.entry, '.mo')}-${cacheKey(sources, options.packages)}`);
  // Several tests of one process may ask for the same actor at once: compile it once.
  const shared = running.get(key);
  if (shared !== undefined) return shared;
  const compilation = readCache(key).then((hit) => hit ?? compileToCache(key, sources, options));
  running.set(key, compilation);
  try {
    return await compilation;
  } finally {
    running.delete(key);
  }
}

/**
 * Checks an actor's types without making Wasm (about 1 s).
 *
 * @returns the compiler's messages, errors first
 */
export async function checkMotoko(options: Omit<CompileMotokoOptions, 'cacheDir'>): Promise<{ errors: string[]; warnings: string[] }> {
  const sources = collectSources(options.entry, options.packages);
  const { diagnostics } = await runCompiler(sources, options.packages, true);
  return splitDiagnostics(diagnostics, sources);
}

function cacheKey(sources: MotokoSources, packages: Record<string, string> = {}): string {
  const { version } = createRequire(import.meta.url)('motoko/package.json') as { version: string };
  const hash = createHash('sha256');
  hash.update(JSON.stringify([CACHE_FORMAT, version, Object.keys(packages).sort(), sources.entry, [...sources.files]]));
  return hash.digest('hex').slice(0, 32);
}

async function readCache(key: string): Promise<CompiledMotoko | undefined> {
  try {
    const description = JSON.parse(await readFile(`${key}.json`, 'utf8')) as { candid: string; stableTypes: string; warnings: string[] };
    return { wasm: new Uint8Array(await readFile(`${key}.wasm`)), ...description, cached: true };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

async function compileToCache(key: string, sources: MotokoSources, options: CompileMotokoOptions): Promise<CompiledMotoko> {
  const { code, diagnostics } = await runCompiler(sources, options.packages, false);
  const { errors, warnings } = splitDiagnostics(diagnostics, sources);
  if (code === undefined) throw new Error(`${options.entry} doesn't compile:\n${errors.join('\n')}`);
  const description = { candid: code.candid, stableTypes: code.stable ?? '', warnings };
  const wasm = new Uint8Array(code.wasm);
  await mkdir(options.cacheDir, { recursive: true });
  await writeAtomically(`${key}.wasm`, wasm);
  // The description comes last: its presence says that the module is there in full.
  await writeAtomically(`${key}.json`, JSON.stringify(description));
  return { wasm, ...description, cached: false };
}

async function writeAtomically(path: string, content: Uint8Array | string): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  await writeFile(temporary, content);
  await rename(temporary, path);
}

/** The compiler is a synchronous program with global state: a worker keeps it off the event loop and gives every compilation a fresh one. */
function runCompiler(sources: MotokoSources, packages: Record<string, string> = {}, checkOnly: boolean): Promise<CompileResponse> {
  const request: CompileRequest = { entry: sources.entry, files: sources.files, packages: Object.keys(packages), checkOnly };
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./compilerWorker.ts', import.meta.url), {
      workerData: request,
      resourceLimits: { stackSizeMb: COMPILER_STACK_MB }
    });
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`The Motoko compiler ended with code ${code} before it answered`)));
  });
}

function splitDiagnostics(diagnostics: Diagnostic[], sources: MotokoSources): { errors: string[]; warnings: string[] } {
  const show = ({ source, range, code, message }: Diagnostic): string => {
    const path = sources.paths.get(source);
    const name = path === undefined ? source : relative(process.cwd(), path);
    return `${name}:${range.start.line + 1}:${range.start.character + 1}: ${code === '' ? '' : `[${code}] `}${message}`;
  };
  return {
    errors: diagnostics.filter(({ severity }) => severity === 1).map(show),
    warnings: diagnostics.filter(({ severity }) => severity !== 1).map(show)
  };
}
