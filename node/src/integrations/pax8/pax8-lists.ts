import { recordShape, type RecordOf } from '../../reading/record-shape.ts';
import type { DeclaredSource } from '../kit/sources/declared-source.ts';
import type { NumberedPaging } from '../kit/sources/paging.ts';

/** Pax8 gives pages smaller than asked for where it likes, and had the numbers under "pageInfo" before. */
const byPage: NumberedPaging = {
  style: 'page',
  parameter: 'page',
  first: 0,
  size: { parameter: 'size', value: 200 },
  number: ['page.number', 'pageInfo.number'],
  pageSize: ['page.size', 'pageInfo.size'],
  total: ['page.totalElements', 'pageInfo.totalElements'],
  pages: ['page.totalPages', 'pageInfo.totalPages'],
};

// Any field may be missing: Pax8's own examples lack required ones.
const companyShape = recordShape(
  {
    id: 'text',
    name: 'text',
    address: {
      street: 'text',
      street2: 'text',
      city: 'text',
      stateOrProvince: 'text',
      postalCode: 'text',
      country: 'text',
    },
    phone: 'text',
    website: 'text',
    status: 'text',
  },
  { id: 'id', name: ['name'] },
);
const companyList: DeclaredSource<RecordOf<typeof companyShape>> = {
  shape: companyShape,
  url: '/companies',
  records: 'content',
  paging: byPage,
};

/** Companies; all of them, or the active ones. */
export const companies = {
  all: { ...companyList, query: { sort: 'name' } },
  active: { ...companyList, query: { sort: 'name', status: 'Active' } },
  named: companyList,
};

const contactShape = recordShape(
  {
    id: 'text',
    firstName: 'text',
    lastName: 'text',
    email: 'text',
    phone: 'text',
    company: { id: 'text', name: 'text' },
  },
  { id: 'id', name: ['email', 'lastName', 'firstName'] },
);
/** The contacts of each active company. */
export const contacts: DeclaredSource<RecordOf<typeof contactShape>> = {
  shape: contactShape,
  url: '/companies/{parent.id}/contacts',
  records: 'content',
  paging: byPage,
  parents: { source: companies.active, as: 'company', fields: ['id', 'name'] },
};

const productShape = recordShape(
  { id: 'text', name: 'text', vendorName: 'text', shortDescription: 'text', sku: 'text', vendorSku: 'text' },
  { id: 'id', name: ['name'] },
);
/** Products. */
export const products: DeclaredSource<RecordOf<typeof productShape>> = {
  shape: productShape,
  url: '/products',
  query: { sort: 'name' },
  records: 'content',
  paging: byPage,
};

/** A subscription of `GET /subscriptions`. */
export const subscriptionShape = recordShape(
  {
    id: 'text',
    companyId: 'text',
    productId: 'text',
    vendorSubscriptionId: 'text',
    vendorSkuId: 'text',
    quantity: 'number',
    startDate: 'text',
    endDate: 'text',
    createdDate: 'text',
    billingStart: 'text',
    status: 'text',
    price: 'number',
    partnerCost: 'number',
    productName: 'text',
    billingTerm: 'text',
    commitmentTerm: { term: 'text', endDate: 'text' },
  },
  { id: 'id', name: ['productName'] },
);
/** A subscription, as far as it is used. */
export type Pax8Subscription = RecordOf<typeof subscriptionShape>;
/** Subscriptions, oldest first: what is bought while we read comes at the end and moves nothing. */
export const subscriptions: DeclaredSource<Pax8Subscription> = {
  shape: subscriptionShape,
  url: '/subscriptions',
  query: { sort: 'createdDate,asc' },
  records: 'content',
  paging: byPage,
};
