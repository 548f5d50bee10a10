import type { UpsertRequest } from '../../../node/src/database/upsert.ts';

/** The links of licences, as an integration has them. */
export const licenceLinks = {
  table: 'ExternalLink',
  keyColumn: 'ELHaloId',
  idColumn: 'ELThirdPartyId',
  scope: { ELTableId: 5, ELModuleId: 9, ELDetailsId: 1 },
  general: 'ELDetailsId',
};

/** Licences of these numbers, each with its link, found by it. */
export function linkedLicences(from: number, count: number, quantity: number): UpsertRequest {
  return {
    table: 'Licence',
    key: { column: 'LID', kind: 'allocate' },
    columns: ['LDesc', 'LCount'],
    rows: Array.from({ length: count }, (_, at) => ({
      values: { LDesc: `Licence ${from + at}`, LCount: quantity },
      linkId: `id-${from + at}`,
      linkValues: { ELThirdPartyDesc: `Licence ${from + at}` },
    })),
    match: [{ by: 'link' }],
    onInsert: {},
    stamps: {},
    link: { ...licenceLinks, onInsert: { ELIsPrimary: true } },
  };
}
