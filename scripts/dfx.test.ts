import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { canisterSources } from './lib/canisters.ts';
import { root } from './lib/paths.ts';

interface Canister {
  type: string;
  candid?: string;
  wasm?: string;
  build: string;
  source?: string[];
  remote?: { id: { ic: string } };
}
const dfx = JSON.parse(readFileSync(join(root, 'dfx.json'), 'utf8')) as {
  version: number;
  canisters: Record<string, Canister>;
  networks: Record<string, { bind?: string; providers?: string[] }>;
};
const motoko = Object.entries(dfx.canisters).filter(([, { type }]) => type === 'custom');
// Exactly as dfx runs a build command: in the project's folder, through the shell.
const build = (command: string) => spawnSync(command, { cwd: root, shell: true, encoding: 'utf8' });

describe('dfx.json', () => {
  it('declares the Motoko canisters of the project and the asset canister, on local and ic', () => {
    expect(dfx.version).toBe(1);
    expect(motoko.map(([name]) => name).sort()).toEqual(Object.keys(canisterSources).sort());
    expect(dfx.canisters['app']).toMatchObject({ type: 'assets', source: ['build'] });
    expect(dfx.networks['local']?.bind).toMatch(/^127\.0\.0\.1:/);
    expect(dfx.networks['ic']?.providers).toEqual(['https://icp-api.io']);
  });

  it('never deploys a stand-in where the real canister exists', () => {
    expect(dfx.canisters['ledger']?.remote?.id.ic).toBe('mxzaz-hqaaa-aaaar-qaada-cai');
    expect(dfx.canisters['exchange_rate']?.remote?.id.ic).toBe('uf6dk-hyaaa-aaaaq-qaaaq-cai');
  });

  it.each(motoko)('builds %s with the command it names', { timeout: 120_000 }, (_name, canister) => {
    const { status } = build(canister.build);
    expect(status).toBe(0);
    const wasm = readFileSync(join(root, canister.wasm ?? ''));
    expect([...wasm.subarray(0, 4)]).toEqual([0x00, 0x61, 0x73, 0x6d]);
    expect(existsSync(join(root, canister.candid ?? ''))).toBe(true);
  });

  it('builds the app with the command it names', { timeout: 240_000 }, () => {
    const { status } = build(dfx.canisters['app']?.build ?? '');
    expect(status).toBe(0);
    expect(existsSync(join(root, 'build/index.html'))).toBe(true);
    expect(readFileSync(join(root, 'build/.ic-assets.json5'), 'utf8')).toContain('sha256-');
  });
});
