import { beforeEach, describe, expect, it } from 'vitest';

import { Drafts } from './drafts';

/** A Storage, as far as drafts need one: its keys are its own properties, as in browsers. */
class MemoryStorage {
  [key: string]: unknown;

  getItem(key: string): string | null {
    return Object.hasOwn(this, key) ? String(this[key]) : null;
  }
  setItem(key: string, value: string): void {
    this[key] = value;
  }
  removeItem(key: string): void {
    delete this[key];
  }
}

class FullStorage extends MemoryStorage {
  override setItem(): void {
    throw new DOMException('full', 'QuotaExceededError');
  }
}

let storage: Storage;
let drafts: Drafts;

beforeEach(() => {
  storage = new MemoryStorage() as unknown as Storage;
  drafts = new Drafts(storage);
});

describe('Drafts', () => {
  it('give back what was typed', () => {
    drafts.keep('7:rename', { username: 'ada_lovelace' }, []);
    expect(drafts.read('7:rename')).toEqual({ username: 'ada_lovelace' });
  });

  it('are nothing where nothing was typed', () => {
    expect(drafts.read('7:rename')).toEqual({});
  });

  it('outlive a reload, but for secrets', () => {
    drafts.keep('7:email', { email: 'ada@example.com', password: 'engine no. 1' }, ['password']);
    expect(drafts.read('7:email').password).toBe('engine no. 1');
    expect(new Drafts(storage).read('7:email')).toEqual({ email: 'ada@example.com' });
  });

  it('never put a secret into the storage', () => {
    drafts.keep('7:email', { email: 'ada@example.com', password: 'engine no. 1' }, ['password']);
    expect(JSON.stringify(storage)).not.toContain('engine');
  });

  it('are not found under the name of another account', () => {
    drafts.keep('7:rename', { username: 'ada_lovelace' }, []);
    expect(drafts.read('8:rename')).toEqual({});
  });

  it('are gone when dropped, the others are not', () => {
    drafts.keep('7:rename', { username: 'ada_lovelace' }, []);
    drafts.keep('7:email', { email: 'ada@example.com' }, []);
    drafts.drop('7:rename');
    expect(drafts.read('7:rename')).toEqual({});
    expect(drafts.read('7:email')).toEqual({ email: 'ada@example.com' });
  });

  it('are all gone when cleared, and what belongs to others in the storage stays', () => {
    storage.setItem('theme', 'dark');
    drafts.keep('7:rename', { username: 'ada_lovelace' }, []);
    drafts.clear();
    expect(drafts.read('7:rename')).toEqual({});
    expect(Object.keys(storage)).toEqual(['theme']);
  });

  it('are kept in memory where the storage is full or missing', () => {
    for (const broken of [new FullStorage() as unknown as Storage, null]) {
      const without = new Drafts(broken);
      without.keep('7:rename', { username: 'ada_lovelace' }, []);
      expect(without.read('7:rename')).toEqual({ username: 'ada_lovelace' });
    }
  });

  it.each(['{', 'null', '3', '[]', '{"username": 3}'])(
    'read %s in the storage as nothing',
    (text) => {
      storage.setItem('draft:7:rename', text);
      expect(drafts.read('7:rename')).toEqual({});
    },
  );
});
