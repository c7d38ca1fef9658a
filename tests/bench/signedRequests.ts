import { Agent as Connections, request } from 'node:http';
import { Actor, HttpAgent } from '@dfinity/agent';
import { Ed25519KeyIdentity } from '@dfinity/identity';
import { ballastIdl, type Ballast } from './ballast.ts';
import type { BenchServer, Method } from './benchServer.ts';

/** A request as the agent would send it. */
export interface SignedRequest {
  url: string;
  body: Uint8Array;
}

/** Has the real agent make and sign requests without sending them: what is measured later is then the server's work alone. */
export async function signRequests({ url, canisterId }: BenchServer, method: Method, count: number): Promise<SignedRequest[]> {
  const requests: SignedRequest[] = [];
  const agent = await HttpAgent.create({
    host: url,
    identity: Ed25519KeyIdentity.generate(),
    rootKey: new Uint8Array(133),
    // The answer that never comes is nothing to verify, and nothing to try again for.
    verifyQuerySignatures: false,
    retryTimes: 0,
    fetch: async (address, options) => {
      if (!(options?.body instanceof Uint8Array)) throw new TypeError('The agent sends bodies in another form than this bench expects');
      requests.push({ url: String(address), body: options.body });
      throw new Error('not sent');
    }
  });
  const actor = Actor.createActor<Ballast>(ballastIdl, { agent, canisterId });
  for (let index = 0; index < count; index++) await actor[method]().catch(() => undefined);
  if (requests.length !== count) throw new Error(`The agent made ${requests.length} requests instead of ${count}`);
  return requests;
}

/** Sends requests over connections that stay open. */
export function createSender(): { send(request: SignedRequest): Promise<void>; close(): void } {
  const connections = new Connections({ keepAlive: true });
  return {
    send: ({ url, body }) =>
      new Promise((resolve, reject) => {
        const headers = { 'content-type': 'application/cbor', 'content-length': body.length };
        const sent = request(url, { method: 'POST', agent: connections, headers }, (response) => {
          if (response.statusCode !== 200) reject(new Error(`The network answered ${response.statusCode}`));
          response.resume().on('end', resolve);
        });
        sent.on('error', reject).end(body);
      }),
    close: () => connections.destroy()
  };
}
