import { randomUUID } from "node:crypto";
import { UserError } from "../../runtime/user-error";

/** One output under its MIME types: the front end shows the richest that it knows. */
export type MimeBundle = Record<string, unknown>;

type Send = (
  message: { data: MimeBundle; metadata: Record<string, unknown>; transient: { display_id?: string } },
  update: boolean,
) => void;

/**
 * tslab's way to the cell that runs now, or undefined outside a notebook. tslab is only looked up among the
 * loaded modules: where its kernel does not run, loading it would gain nothing.
 */
function sender(): Send | undefined {
  try {
    const loaded = require.cache[require.resolve("tslab/dist/jupyter")];
    return (
      (loaded?.exports as { lastWriteDisplayData?: Send | null } | undefined)?.lastWriteDisplayData ??
      undefined
    );
  } catch {
    return undefined;
  }
}

function needSender(what: string): Send {
  const send = sender();
  if (send) return send;
  throw new UserError(`${what} shows its result in a notebook cell, and no tslab kernel is running here.`);
}

/**
 * Shows one output in the cell that runs now.
 * @param what the function the user called, for the message of the error.
 * @throws UserError outside a tslab kernel.
 */
export function showInCell(what: string, data: MimeBundle): void {
  needSender(what)({ data, metadata: {}, transient: {} }, false);
}

/** An output that later calls of the returned function replace in its place. */
export function updatableOutput(what: string): (data: MimeBundle) => void {
  const send = needSender(what);
  const id = randomUUID();
  let shown = false;
  return (data) => {
    send({ data, metadata: {}, transient: { display_id: id } }, shown);
    shown = true;
  };
}
