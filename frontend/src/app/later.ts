import { type ComponentType, createElement, type ElementType, lazy, useState } from 'react';

/**
 * A file of pages that is fetched apart from the others. A page of it that has arrived is shown at
 * once: `lazy` alone would first show what stands in for it, and React keeps that for 300 ms.
 */
export function later<Name extends string>(fetch: () => Promise<Record<Name, ComponentType>>) {
  let pages: Record<Name, ComponentType> | undefined;

  async function load(): Promise<Record<Name, ComponentType>> {
    pages ??= await fetch();
    return pages;
  }

  function page(name: Name): ComponentType {
    const Late = lazy(async () => ({ default: (await load())[name] }));
    return function Page() {
      // Chosen once: a page that changes from one to the other would forget what was typed.
      const [chosen] = useState((): { Page: ElementType } => ({ Page: pages?.[name] ?? Late }));
      return createElement(chosen.Page);
    };
  }

  return { load, page };
}
