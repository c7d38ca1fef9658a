import { encodeWithSelfDescribedTag } from '@dfinity/cbor';
import type { Engine } from '../engine/types.ts';
import { concat } from './bytes.ts';
import type { CborMap, CborValue } from './cbor.ts';
import type { CallContent, Envelope } from './envelope.ts';
import type { NetworkKeys } from './keys.ts';
import { hashOfMap } from './requestId.ts';
import { QUERY_RESPONSE } from './signedDomains.ts';

/** Runs an authenticated query; the CBOR answer is signed by the network's node. */
export async function queryCanister(engine: Engine, keys: NetworkKeys, { content, requestId }: Envelope<CallContent>): Promise<Uint8Array> {
  const result = await engine.query(content);
  const timestamp = engine.now();
  const answer: [string, CborValue][] =
    result.kind === 'reply'
      ? [
          ['status', 'replied'],
          ['reply', new Map<string, CborValue>([['arg', result.reply]])]
        ]
      : [
          ['status', 'rejected'],
          ['reject_code', BigInt(result.code)],
          ['reject_message', result.message],
          ['error_code', result.errorCode]
        ];
  const signed: CborMap = new Map([...answer, ['timestamp', timestamp], ['request_id', requestId]]);
  const signature = keys.signAsNode(concat(QUERY_RESPONSE, hashOfMap(signed)));
  return encodeWithSelfDescribedTag({
    ...plain(new Map(answer)),
    signatures: [{ timestamp, signature, identity: keys.nodeId.toUint8Array() }]
  });
}

/** The encoder takes objects, not Maps; these have only keys of our own. */
function plain(map: CborMap): Record<string, unknown> {
  return Object.fromEntries(Array.from(map, ([key, value]) => [key, value instanceof Map ? plain(value) : value]));
}
