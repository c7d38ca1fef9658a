/** Whether a URL's host is this machine, and nothing that a name service could make another. IPv4 addresses come normalised out of URL. */
export function isLoopback({ hostname }: URL): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}
