// What this browser keeps from one visit to the next: photos that were searched by, and uploads on their way.

const STORES = /** @type {const} */ (["photos", "uploads"]);
const VERSION = 2;

/** A store, to read and to write, in a transaction of its own. @param {typeof STORES[number]} name @returns {Promise<IDBObjectStore>} */
export function store(name) {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open("armoire", VERSION);
    opening.onupgradeneeded = () => {
      for (const each of STORES) if (!opening.result.objectStoreNames.contains(each)) opening.result.createObjectStore(each);
    };
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const transaction = opening.result.transaction(name, "readwrite");
      transaction.oncomplete = () => opening.result.close();
      resolve(transaction.objectStore(name));
    };
  });
}

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
export function answered(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
