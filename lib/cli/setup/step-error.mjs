// What went wrong in a step, in the words of someone who has to mend it.

import { inCheckout } from "./places.mjs";

/** A failure that the user can mend; its message says why and what to do. */
export class StepError extends Error {
  name = "StepError";
}

/** The user pressed Ctrl-C, or the process was asked to end. */
export class Interrupted extends Error {
  name = "Interrupted";
}

/** @type {[RegExp, string][]} the first that fits an output explains it */
const causes = [
  [
    /ENOSPC|EDQUOT|No space left on device|Disk quota exceeded|not enough space on the disk/i,
    "The disk is full. Set-up needs about 2.5 GB in the checkout: free some space and run the command again.",
  ],
  [
    /ensurepip is not available|No module named '?(venv|ensurepip)/i,
    "This Python has no venv module. Install it (Debian and Ubuntu: `sudo apt install python3-venv`) and run the command again.",
  ],
  [
    /EAI_AGAIN|ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ERR_SOCKET_TIMEOUT|NewConnectionError|Failed to establish a new connection|Temporary failure in name resolution|Read timed out|ConnectTimeout|Connection broken|IncompleteRead|ProxyError|network is unreachable|socket hang up/i,
    "The network, or the package registry, can't be reached. Check the connection (and the proxy or index in your pip and npm settings) and run the command again.",
  ],
  [
    /CERTIFICATE_VERIFY_FAILED|SELF_SIGNED_CERT|UNABLE_TO_GET_ISSUER_CERT|SSLError/i,
    "The registry's certificate was refused. Give pip (`cert`) and npm (`cafile`) the certificate of your network, and run the command again.",
  ],
  [
    /EACCES|EPERM|EROFS|Permission denied|Read-only file system/i,
    "A file of the checkout can't be written. Give yourself write access to the folder and run the command again.",
  ],
  [
    /E404|404 Not Found|ETARGET|No matching distribution found|Could not find a version/i,
    "The package registry in use doesn't have a pinned version. Use the public one, or a complete mirror of it, and run the command again.",
  ],
];

/**
 * @param {string} output what a failed command printed, or an error's code and message
 * @returns {string | undefined} the cause and the remedy, when the output shows a known one
 */
export function explainOutput(output) {
  return causes.find(([pattern]) => pattern.test(output))?.[1];
}

/**
 * @param {unknown} error
 * @returns {string | undefined} the remedy, when a file of the checkout is not there
 */
export function explainMissingFile(error) {
  const { code, path: place } = /** @type {NodeJS.ErrnoException} */ (error);
  if (code !== "ENOENT" || !place) return undefined;
  const file = inCheckout(place);
  if (file.startsWith("..")) return undefined;
  return `${file} is missing. Bring it back (\`git restore ${file}\`) and run the command again.`;
}

/**
 * @param {string} output
 * @param {number} count
 * @returns {string} the last lines that say something
 */
export function lastLines(output, count = 8) {
  const lines = output.split("\n").filter((line) => line.trim() && !/^WARNING: Location/.test(line));
  return lines.slice(-count).join("\n");
}
