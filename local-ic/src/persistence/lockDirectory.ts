import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Locks this process holds, so that a lock with its own number left by an earlier process (containers reuse them) isn't taken for one. */
const held = new Set<string>();

/**
 * Claims a state directory for this process. Two networks on one directory would overwrite each other's state.
 *
 * @returns a function that gives the directory free
 * @throws Error when a living process holds it
 */
export function lockDirectory(directory: string): () => void {
  mkdirSync(directory, { recursive: true });
  const path = resolve(join(directory, 'lock'));
  for (;;) {
    try {
      writeFileSync(path, processIdentity(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (!isCode(error, 'EEXIST')) throw error;
      const holder = readHolder(path);
      if (holder !== undefined && isAlive(holder, path)) {
        throw new Error(`${directory} is in use by process ${holder.split(' ')[0]}. Stop that one first, or use another directory.`, {
          cause: error
        });
      }
      // Its process is gone without having cleaned up.
      rmSync(path, { force: true });
    }
  }
  held.add(path);
  return () => {
    if (held.delete(path)) rmSync(path, { force: true });
  };
}

function readHolder(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function isAlive(holder: string, path: string): boolean {
  const pid = Number(holder.split(' ')[0]);
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  if (pid === process.pid) return held.has(path);
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (isCode(error, 'ESRCH')) return false;
  }
  return processIdentity(pid) === holder;
}

/** Process number and, where the system tells it, its start time: numbers are given again after a while. */
function processIdentity(pid: number): string {
  try {
    const status = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field, the command in parentheses, may contain blanks; the start time is the 22nd.
    const startTime = status.slice(status.lastIndexOf(')') + 2).split(' ')[19];
    return `${pid} ${startTime ?? ''}`.trim();
  } catch {
    return String(pid);
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
