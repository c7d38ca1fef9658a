#!/usr/bin/env node
// Compiles (or only checks) one Motoko actor: compile-motoko ENTRY [--out DIR] [--check]
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { checkMotoko, compileMotoko } from '../src/motoko/compileMotoko.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { out: { type: 'string' }, check: { type: 'boolean' }, cache: { type: 'string', default: '.cache/motoko' } }
});
const [entry] = positionals;
if (entry === undefined) {
  console.error('Usage: compile-motoko ENTRY.mo [--out DIR] [--check] [--cache DIR]');
  process.exit(2);
}

async function check(path: string): Promise<void> {
  const { errors, warnings } = await checkMotoko({ entry: path });
  for (const line of [...errors, ...warnings.map((warning) => `${warning} (warning)`)]) console.error(line);
  if (errors.length > 0) process.exitCode = 1;
  else console.log(`${path}: no errors, ${warnings.length} warnings`);
}

async function compile(path: string): Promise<void> {
  const { wasm, candid, stableTypes, warnings, cached } = await compileMotoko({ entry: path, cacheDir: values.cache });
  for (const warning of warnings) console.error(`${warning} (warning)`);
  console.log(`${path}: ${wasm.length} bytes of Wasm${cached ? ' (cached)' : ''}`);
  if (values.out === undefined) return;
  const name = join(values.out, basename(path, '.mo'));
  await mkdir(values.out, { recursive: true });
  await writeFile(`${name}.wasm`, wasm);
  await writeFile(`${name}.did`, candid);
  await writeFile(`${name}.most`, stableTypes);
  console.log(`Wrote ${name}.wasm, .did and .most`);
}

try {
  await (values.check === true ? check(entry) : compile(entry));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
