import { serve, type Handler, type ListeningServer } from './http/serve.ts';
import type { Listening, ListenOptions } from './options.ts';

const DEFAULT_PORT = 4943;
const DEFAULT_PROVIDER_PORT = 4944;
const DEFAULT_CONTROLS_PORT = 4945;

/** What each server of a network answers with. */
export interface Handlers {
  network: Handler[];
  provider: Handler[];
  controls: Handler[];
}

/** Opens the servers that were asked for: all of them or, when one can't be, none. */
export async function openServers(options: ListenOptions, handlers: Handlers, log: (line: string) => void): Promise<Listening> {
  const { host = '127.0.0.1', port = DEFAULT_PORT, provider, controls } = options;
  const opened: ListeningServer[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(opened.map((server) => server.close()));
  };
  const open = async (serving: Handler[], at: number): Promise<string> => {
    const server = await serve(serving, { host, port: at, log });
    opened.push(server);
    return `http://localhost:${server.port}`;
  };
  try {
    return {
      url: await open(handlers.network, port),
      providerUrl: provider && (await open(handlers.provider, provider.port ?? DEFAULT_PROVIDER_PORT)),
      controlsUrl: controls && (await open(handlers.controls, controls.port ?? DEFAULT_CONTROLS_PORT)),
      close
    };
  } catch (error) {
    await close();
    throw error;
  }
}
