/** The resources whose tables have columns for ids of vendors'. */
export type OwnIdResource = 'Client' | 'Site' | 'Users' | 'Asset';

/** Where Halo keeps a vendor's own ids, beside the links: fields of Halo's published API. */
export type OwnIds = { readonly [R in OwnIdResource]?: string };
