import { beforeEach, describe, expect, it } from 'vitest';

import { Drafts } from './drafts';

/** The part of Storage that drafts use. Its keys are own properties, as in browsers. */
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
  it('return what was typed', () => {
    drafts.keep('7:rename', { username: 'jane_doe' }, []);
    expect(drafts.read('7:rename')).toEqual({ username: 'jane_doe' });
  });

  it('are empty at first', () => {
    expect(drafts.read('7:rename')).toEqual({});
  });

  it('survive a reload, except for secrets', () => {
    drafts.keep('7:email', { email: 'jane@example.com', password: 'a red engine' }, ['password']);
    expect(drafts.read('7:email').password).toBe('a red engine');
    expect(new Drafts(storage).read('7:email')).toEqual({ email: 'jane@example.com' });
  });

  it('never write a secret to storage', () => {
    drafts.keep('7:email', { email: 'jane@example.com', password: 'a red engine' }, ['password']);
    expect(JSON.stringify(storage)).not.toContain('engine');
  });

  it('are not shared with another account', () => {
    drafts.keep('7:rename', { username: 'jane_doe' }, []);
    expect(drafts.read('8:rename')).toEqual({});
  });

  it('are deleted one at a time', () => {
    drafts.keep('7:rename', { username: 'jane_doe' }, []);
    drafts.keep('7:email', { email: 'jane@example.com' }, []);
    drafts.drop('7:rename');
    expect(drafts.read('7:rename')).toEqual({});
    expect(drafts.read('7:email')).toEqual({ email: 'jane@example.com' });
  });

  it('are all deleted by clear(), which keeps other entries of the storage', () => {
    storage.setItem('theme', 'dark');
    drafts.keep('7:rename', { username: 'jane_doe' }, []);
    drafts.clear();
    expect(drafts.read('7:rename')).toEqual({});
    expect(Object.keys(storage)).toEqual(['theme']);
  });

  it('are kept in memory when the storage is full or missing', () => {
    for (const broken of [new FullStorage() as unknown as Storage, null]) {
      const without = new Drafts(broken);
      without.keep('7:rename', { username: 'jane_doe' }, []);
      expect(without.read('7:rename')).toEqual({ username: 'jane_doe' });
    }
  });

  it.each(['{', 'null', '3', '[]', '{"username": 3}'])('ignore %s in the storage', (text) => {
    storage.setItem('draft:7:rename', text);
    expect(drafts.read('7:rename')).toEqual({});
  });
});
