/** Browsers start reading a download a moment after the click. */
const KEEP_MS = 60_000;

/** Hands a file to the browser's downloads under a name. */
export function downloadFile(name: string, file: Blob): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), KEEP_MS);
}

/** "satstrike-positions-2026-11-22T151700Z.csv": sorts by time and is allowed on every system. */
export function exportName(what: string, at: Date): string {
  return `satstrike-${what}-${at.toISOString().slice(0, 19).replaceAll(':', '')}Z.csv`;
}
