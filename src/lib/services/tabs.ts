/** A figure that another tab of this browser has just read. */
export interface SharedReading {
  readonly name: string;
  /** Whose it is. */
  readonly owner: string;
  readonly value: unknown;
  /** Milliseconds since 1970. */
  readonly updatedAt: number;
}

/** How tabs of one site tell each other what they have read: whoever's turn comes first reads for all. */
export interface TabChannel {
  post(reading: SharedReading): void;
  listen(heard: (reading: SharedReading) => void): void;
  close(): void;
}

/**
 * The browser's own channel; only pages of this origin are on it. `network` keeps exchanges apart, `version` pages whose records may differ.
 * undefined where there is none: then every tab reads for itself.
 */
export function openTabChannel(network: string, version: string): TabChannel | undefined {
  if (typeof BroadcastChannel === 'undefined') return undefined;
  const channel = new BroadcastChannel(`satstrike.readings.${network}.${version}`);
  return {
    post: (reading) => channel.postMessage(reading),
    listen: (heard) => {
      channel.onmessage = ({ data }: MessageEvent<unknown>) => {
        if (isSharedReading(data)) heard(data);
      };
    },
    close: () => channel.close()
  };
}

function isSharedReading(data: unknown): data is SharedReading {
  if (typeof data !== 'object' || data === null) return false;
  const { name, owner, updatedAt } = data as Partial<Record<keyof SharedReading, unknown>>;
  return typeof name === 'string' && typeof owner === 'string' && typeof updatedAt === 'number' && 'value' in data;
}
