import type { Context } from './context.ts';

/** A page the options canister serves, asked for as a gateway asks: over the boundary's agent interface, because gateways serve it on a raw domain only. */
export async function readPage({ options }: Context, url: '/health' | '/metrics'): Promise<{ status: number; text: string }> {
  const { status_code: status, body } = await (
    await options(undefined)
  ).http_request({ method: 'GET', url, headers: [], body: new Uint8Array() });
  return { status, text: new TextDecoder().decode(Uint8Array.from(body)) };
}

/** A figure of /metrics by its name, without labels; undefined: it isn't there. */
export function metric(text: string, name: string): bigint | undefined {
  const value = new RegExp(`^${name} (-?\\d+)$`, 'mu').exec(text)?.[1];
  return value === undefined ? undefined : BigInt(value);
}
