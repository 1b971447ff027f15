// Files that have not arrived at the server yet, kept in this browser: a reload or a crash must not cost a picture.

const DATABASE = "desk-files";
const STORE = "files";
const KEPT_MS = 7 * 86_400_000;

/** @returns {Promise<IDBDatabase>} */
function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/**
 * @template T
 * @param {IDBTransactionMode} mode
 * @param {(store: IDBObjectStore) => IDBRequest<T>} work
 * @returns {Promise<T>} once it is on the device
 */
async function within(mode, work) {
  const database = await open();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(STORE, mode);
      const request = work(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}

/** @param {string} id @param {File} file @returns {Promise<boolean>} whether it is kept: a browser may forbid it, or be full */
export async function keepFile(id, file) {
  try {
    await within("readwrite", (store) => store.put({ file, at: Date.now() }, id));
    return true;
  } catch {
    return false;
  }
}

/** @param {string} id @returns {Promise<File | null>} */
export async function keptFile(id) {
  try {
    return (await within("readonly", (store) => store.get(id)))?.file ?? null;
  } catch {
    return null;
  }
}

/** @param {string} id */
export async function dropFile(id) {
  try {
    await within("readwrite", (store) => store.delete(id));
  } catch {
    // It goes with the old ones.
  }
}

/** Forgets what nobody came back for. */
export async function tidyFiles() {
  try {
    await within("readwrite", (store) => {
      const walk = store.openCursor();
      walk.onsuccess = () => {
        const { result } = walk;
        if (!result) return;
        if (!(result.value.at > Date.now() - KEPT_MS)) result.delete();
        result.continue();
      };
      return walk;
    });
  } catch {
    // Forbidden: then there is none.
  }
}
