export type Values = Record<string, string>;

const PREFIX = 'draft:';

/**
 * Keeps the values of a form until it is sent: across pages, an ended session and a reload.
 *
 * Secrets stay in memory and are never written to storage. A draft's name begins with the account
 * that it belongs to, so that no other account reads it.
 */
export class Drafts {
  private readonly memory = new Map<string, Values>();

  private readonly storage: Storage | null;

  constructor(storage: Storage | null) {
    this.storage = storage;
  }

  read(name: string): Values {
    return { ...this.stored(name), ...this.memory.get(name) };
  }

  keep(name: string, values: Values, secrets: readonly string[]): void {
    this.memory.set(name, values);
    const storable = Object.entries(values).filter(([field]) => !secrets.includes(field));
    this.attempt((storage) =>
      storage.setItem(PREFIX + name, JSON.stringify(Object.fromEntries(storable))),
    );
  }

  drop(name: string): void {
    this.memory.delete(name);
    this.attempt((storage) => storage.removeItem(PREFIX + name));
  }

  /** Delete all drafts, for a sign-out. */
  clear(): void {
    this.memory.clear();
    this.attempt((storage) => {
      for (const key of Object.keys(storage)) if (key.startsWith(PREFIX)) storage.removeItem(key);
    });
  }

  private stored(name: string): Values {
    let found: Values = {};
    this.attempt((storage) => {
      found = readValues(storage.getItem(PREFIX + name));
    });
    return found;
  }

  // Typing must work even if the storage is full or blocked; the values are still in memory.
  private attempt(act: (storage: Storage) => void): void {
    try {
      if (this.storage) act(this.storage);
    } catch {
      return;
    }
  }
}

function readValues(text: string | null): Values {
  const value: unknown = text === null ? {} : JSON.parse(text);
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    ),
  );
}

function openStorage(): Storage | null {
  try {
    return sessionStorage;
  } catch {
    return null; // Blocked by the browser's settings, or not in a browser.
  }
}

export const drafts = new Drafts(openStorage());
