import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

/** A part of a server: true means that it answered. */
export type Handler = (req: IncomingMessage, res: ServerResponse) => boolean | Promise<boolean>;

export interface ListeningServer {
  port: number;
  /** Stops listening, lets requests under way finish (a few seconds at most) and resolves when all connections are closed. */
  close(): Promise<void>;
}

/** Addresses that only this machine reaches. */
export const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '::1']);
const CLOSE_GRACE_MS = 2_000;

/**
 * Serves handlers, tried in order, on one port of this machine.
 *
 * @param port 0: any free port
 * @throws Error that says what to do when the port is taken
 */
export async function serve(
  handlers: Handler[],
  options: { port: number; host: string; log: (line: string) => void }
): Promise<ListeningServer> {
  const { port, host, log } = options;
  const server = createServer((req, res) => {
    void dispatch(handlers, req, res, log);
  });
  await listen(server, port, host);
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port');
  return { port: address.port, close: () => close(server) };
}

async function dispatch(handlers: Handler[], req: IncomingMessage, res: ServerResponse, log: (line: string) => void): Promise<void> {
  try {
    for (const handler of handlers) {
      if (await handler(req, res)) return;
    }
    res.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' }).end('Nothing is served here.');
  } catch (error) {
    // Whatever one request does, the network goes on.
    log(
      `internal error at ${String(req.method)} ${String(req.url)}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`
    );
    if (!res.headersSent) res.writeHead(500, { 'content-type': 'text/plain; charset=utf-8' });
    res.end();
  }
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      const taken = 'code' in error && error.code === 'EADDRINUSE';
      reject(taken ? new Error(`Port ${port} is in use; stop what uses it or choose another port`, { cause: error }) : error);
    });
    server.listen(port, host, () => resolve());
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    // A browser that went away may keep a request open for ever.
    const timer = setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MS);
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
    server.closeIdleConnections();
  });
}
