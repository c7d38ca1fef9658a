import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Cbor, Certificate, lookupResultToBuffer, requestIdOf } from '@dfinity/agent';
import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import { describe, expect, it } from 'vitest';
import { createLocalIc, type LocalIc } from '../src/index.ts';
import { agentFixtureInterface, installAgentFixture, type AgentFixture } from './support/agentFixture.ts';

const COMMAND = new URL('../bin/local-ic.ts', import.meta.url).pathname;

function envelope(canisterId: Principal, nowNs: bigint): Uint8Array {
  return Cbor.encode({
    content: {
      request_type: 'call',
      canister_id: canisterId,
      method_name: 'increment',
      arg: new Uint8Array(IDL.encode([], [])),
      sender: Principal.anonymous(),
      ingress_expiry: nowNs + 240_000_000_000n
    }
  });
}

/** Sends the envelope and reads the count out of the certificate. */
async function send(url: string, rootKey: Uint8Array, canisterId: Principal, body: Uint8Array): Promise<bigint> {
  const response = await fetch(`${url}/api/v3/canister/${canisterId.toText()}/call`, {
    method: 'POST',
    headers: { 'content-type': 'application/cbor' },
    body: new Uint8Array(body)
  });
  const answer = Cbor.decode<{ certificate: Uint8Array }>(new Uint8Array(await response.arrayBuffer()));
  const certificate = await Certificate.create({ certificate: answer.certificate, rootKey, canisterId });
  const { content } = Cbor.decode<{ content: Record<string, unknown> }>(body);
  const reply = lookupResultToBuffer(certificate.lookup_path(['request_status', requestIdOf(content), 'reply']));
  return IDL.decode([IDL.Nat], new Uint8Array(reply ?? []))[0] as unknown as bigint;
}

const countOf = (ic: LocalIc, canisterId: Principal) => ic.actor<AgentFixture>(agentFixtureInterface, canisterId).get();

describe('an envelope that comes again after a restart', () => {
  it('does not run again, and gets the same answer', async () => {
    const stateDir = await mkdtemp(join(tmpdir(), 'local-ic-replay-'));
    try {
      const first = await createLocalIc({ stateDir });
      const canisterId = await installAgentFixture(first);
      const body = envelope(canisterId, first.now());
      const { url } = await first.listen({ port: 0 });
      expect(await send(url, first.rootKey, canisterId, body)).toBe(1n);
      await first.close();

      const second = await createLocalIc({ stateDir });
      const { url: again } = await second.listen({ port: 0 });
      expect(await send(again, second.rootKey, canisterId, body)).toBe(1n);
      expect(await countOf(second, canisterId)).toBe(1n);
      expect(await send(again, second.rootKey, canisterId, envelope(canisterId, second.now()))).toBe(2n);
      await second.close();
    } finally {
      await rm(stateDir, { recursive: true, force: true });
    }
  });

  it('does not run again after the process was killed', async () => {
    const stateDir = await mkdtemp(join(tmpdir(), 'local-ic-killed-'));
    try {
      const prepared = await createLocalIc({ stateDir });
      const canisterId = await installAgentFixture(prepared);
      await prepared.close();
      const child = spawn(process.execPath, [COMMAND, 'start', '--state', stateDir, '--port', '0', '--provider-port', '0']);
      let output = '';
      child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
      while (!output.includes('Ctrl-C')) await once(child.stdout, 'data');
      const url = /interface\s+(\S+)/.exec(output)?.[1] ?? '';
      const body = envelope(canisterId, BigInt(Date.now()) * 1_000_000n);
      expect(await send(url, prepared.rootKey, canisterId, body)).toBe(1n);
      child.kill('SIGKILL');
      await once(child, 'exit');

      const after = await createLocalIc({ stateDir });
      const { url: again } = await after.listen({ port: 0 });
      expect(await countOf(after, canisterId)).toBe(1n);
      expect(await send(again, after.rootKey, canisterId, body)).toBe(1n);
      expect(await countOf(after, canisterId)).toBe(1n);
      await after.close();
    } finally {
      await rm(stateDir, { recursive: true, force: true });
    }
  });
});
