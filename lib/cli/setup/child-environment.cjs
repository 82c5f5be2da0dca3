// The environment of every program that this checkout starts: the user's own, without what would make Python,
// Jupyter, pip or Node load something else than what set-up put into .venv and node_modules. Network and registry
// settings (proxies, certificates, PIP_INDEX_URL …) go on working.

/** Where and how pip reaches a registry. Any other setting of pip's may send packages elsewhere, or refuse ours. */
const PIP_REGISTRY =
  /^PIP_(INDEX_URL|EXTRA_INDEX_URL|NO_INDEX|FIND_LINKS|TRUSTED_HOST|CERT|CLIENT_CERT|PROXY|CACHE_DIR|NO_CACHE_DIR|TIMEOUT|DEFAULT_TIMEOUT|RETRIES|RESUME_RETRIES|KEYRING_PROVIDER|CONFIG_FILE|USE_FEATURE|USE_DEPRECATED|DISABLE_PIP_VERSION_CHECK)$/;

/** Other environments and folders of modules; `PYTHON` alone stays, with which a user names the Python to use. */
const FOREIGN =
  /^(PYTHON.+|__PYVENV_LAUNCHER__|VIRTUAL_ENV(_PROMPT)?|CONDA_(PREFIX|DEFAULT_ENV)|PIP_.*|JUPYTER.*|IPYTHON.*|NODE_PATH)$/;

/**
 * @param {Readonly<Record<string, string | undefined>>} [own] variables that the program is given besides
 * @param {Readonly<Record<string, string | undefined>>} [from] the user's environment
 * @returns {Record<string, string | undefined>}
 */
function childEnvironment(own = {}, from = process.env) {
  // Names are told apart by case everywhere but on Windows, where every writing of one must go.
  const kept = Object.entries(from).filter(([name]) => {
    const upper = process.platform === "win32" ? name.toUpperCase() : name;
    return !FOREIGN.test(upper) || PIP_REGISTRY.test(upper);
  });
  return { ...Object.fromEntries(kept), ...own };
}

module.exports = { childEnvironment };
