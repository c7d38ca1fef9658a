import { LOOPBACK, serve, type Handler, type ListeningServer } from './http/serve.ts';
import type { Listening, ListenOptions } from './options.ts';

const DEFAULT_HOST = '127.0.0.1';
const DEFAULT_PORT = 4943;
const DEFAULT_PROVIDER_PORT = 4944;
const DEFAULT_CONTROLS_PORT = 4945;

/** What each server of a network answers with. */
export interface Handlers {
  network: Handler[];
  provider: Handler[];
  controls: Handler[];
}

/**
 * Opens the servers that were asked for: all of them or, when one can't be, none.
 *
 * The identity provider and the switches for faults stay on this machine in any case: whoever reaches them has everybody's keys.
 *
 * @throws Error for an address that other machines reach, unless that was asked for
 */
export async function openServers(options: ListenOptions, handlers: Handlers, log: (line: string) => void): Promise<Listening> {
  const { host = DEFAULT_HOST, otherMachines = false, port = DEFAULT_PORT, provider, controls } = options;
  const isLocal = LOOPBACK.has(host);
  if (!isLocal && !otherMachines) {
    throw new Error(
      `This network only listens on this machine itself: use 127.0.0.1, localhost or ::1, not ${host}, or say that other machines may use it`
    );
  }
  const ownHost = isLocal ? host : DEFAULT_HOST;
  const opened: ListeningServer[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(opened.map((server) => server.close()));
  };
  const open = async (serving: Handler[], at: number, address = ownHost): Promise<string> => {
    const server = await serve(serving, { host: address, port: at, log });
    opened.push(server);
    return `http://localhost:${server.port}`;
  };
  try {
    return {
      url: await open(handlers.network, port, host),
      providerUrl: provider && (await open(handlers.provider, provider.port ?? DEFAULT_PROVIDER_PORT)),
      controlsUrl: controls && (await open(handlers.controls, controls.port ?? DEFAULT_CONTROLS_PORT)),
      close
    };
  } catch (error) {
    await close();
    throw error;
  }
}
