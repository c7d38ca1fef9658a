import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RequestHandler } from '../../src/gateway/site.ts';

export interface TestServer {
  /** http://localhost:port */
  origin: string;
  port: number;
  close(): Promise<void>;
}

/** A server on a free loopback port that knows nothing but this handler. */
export async function listen(handler: RequestHandler): Promise<TestServer> {
  const server = http.createServer((req, res) => {
    Promise.resolve(handler(req, res)).then(
      (handled) => {
        if (!handled) res.writeHead(404, { 'x-unhandled': '1' }).end();
      },
      (error: unknown) => res.destroy(error instanceof Error ? error : new Error(String(error)))
    );
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://localhost:${port}`,
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      })
  };
}
