/** What the site calls itself, in titles and beside its sign. */
export const siteName = 'Oddjobbox';
