export type Values = Record<string, string>;

const PREFIX = 'draft:';

/**
 * Keeps what was typed until it was sent: over pages, over an ended session and over a reload.
 *
 * What is secret stays in memory and never reaches the storage. A draft belongs to an account, so
 * that nobody finds another's: its name begins with whose it is.
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
    const open = Object.entries(values).filter(([field]) => !secrets.includes(field));
    this.attempt((storage) =>
      storage.setItem(PREFIX + name, JSON.stringify(Object.fromEntries(open))),
    );
  }

  drop(name: string): void {
    this.memory.delete(name);
    this.attempt((storage) => storage.removeItem(PREFIX + name));
  }

  /** Drop everything. Who signs out wants to leave nothing behind. */
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

  // A full or forbidden storage must not stand in the way of typing; the memory still has it.
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
    return null; // Blocked by the browser's settings, or not a browser.
  }
}

export const drafts = new Drafts(openStorage());
