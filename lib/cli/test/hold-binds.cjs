// Holds the answer to every bind of zeromq back until standard input gives a byte: loaded before a kernel (`--require`,
// with UV_THREADPOOL_SIZE=1), it opens as wide as one likes the window that a busy disk opens now and then.
//
// Nothing is imitated: each socket is bound to its port, then the one thread on which zeromq binds is kept reading
// standard input, and a second bind of the same socket waits for that thread. Until then zeromq holds the socket for
// blocked, although clients already reach it.
const fs = require("node:fs");
const zmq = require(require.resolve("zeromq", { paths: [require.resolve("tslab")] }));

const { bind } = zmq.Socket.prototype;
/** @type {Promise<void>[]} */
const begun = [];

/** @this {import("zeromq").Socket} @param {string} address */
async function bindLate(address) {
  const number = begun.push(bind.call(this, address));
  await begun[number - 1];
  await Promise.all(begun);
  if (number === 1) fs.read(0, Buffer.alloc(1), 0, 1, null, () => {});
  const late = bind.call(this, `inproc://held-${number}`);
  if (number === begun.length) console.error("binds are held");
  await late;
}

for (const kind of [zmq.Publisher, zmq.Router, zmq.Reply]) {
  Object.defineProperty(kind.prototype, "bind", { value: bindLate });
}
