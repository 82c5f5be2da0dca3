// tslab reads from its ZeroMQ sockets while they are still being bound. zeromq binds on another thread and refuses
// every other use of the socket until that thread has reported back (EBUSY, "Socket is blocked by a bind or unbind
// operation"); a request that arrives in between ends tslab's loop, and the kernel never answers. So nothing is
// read here before every bind is done. Nothing is sent either: all that tslab sends answers something read.

/**
 * Starts tslab's kernel with every read held until all its sockets are bound.
 *
 * @param {string} tslab the package's folder
 * @param {string} connectionFile
 */
function startBound(tslab, connectionFile) {
  const { startKernel } = require(`${tslab}/dist/main.js`);
  const { ZmqServer } = require(`${tslab}/dist/jupyter.js`);
  const { Socket } = require(require.resolve("zeromq", { paths: [tslab] }));
  const init = ZmqServer?.prototype?.init;
  const receive = Socket?.prototype?.receive;
  if (!startKernel || !init || !receive) {
    throw new Error("The packages tslab and zeromq are not those that the lock file names.");
  }

  /** Settles as `init` does: once every bind has been answered. @type {Promise<void>} */
  let bound;
  ZmqServer.prototype.init = function () {
    bound = init.call(this);
    return bound;
  };
  // zeromq's methods can't be assigned to.
  Object.defineProperty(Socket.prototype, "receive", {
    configurable: true,
    async value() {
      await bound;
      return receive.call(this);
    },
  });

  startKernel({ configPath: connectionFile, enableFindLocal: false, jsKernel: false });
  return bound;
}

module.exports = { startBound };
