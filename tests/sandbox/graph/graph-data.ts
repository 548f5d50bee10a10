/** How much there is in each tenant. */
export interface GraphSizes {
  readonly users: number;
  readonly devices: number;
  readonly seed: number;
}

export type GraphRecord = Record<string, unknown> & { readonly id: string };
export type GraphKind = 'users' | 'devices';

interface Change {
  readonly version: number;
  readonly index: number;
  readonly fields: readonly string[];
}

const Given = ['Amelia', 'Ben', 'Carys', 'Daniel', 'Esther', 'Farid', 'Grace', 'Hugo', 'Ines', 'Jack'];
const Surnames = ['Hart', 'Osei', 'Morgan', 'Petrov', 'Lund', 'Rahman', 'Tully', 'Marsh', 'Costa', 'Byrne', 'Frost'];
const Departments = ['Sales', 'Finance', 'Operations', 'Service'];
const Offices = ['Main', 'North branch', 'Harbour branch', 'Nowhere yet'];
const Kinds: Readonly<Record<string, number>> = { users: 1, devices: 2, groups: 3, skus: 4 };

/** Products of every tenant: part number, seats. */
export const skuParts = [
  ['SPB', 300],
  ['O365_BUSINESS_ESSENTIALS', 120],
  ['EMS', 50],
] as const;

/** The directory of one tenant, made by number and changed on demand; nothing is kept for what was not changed. */
export class TenantData {
  readonly id: string;
  #counts: Record<GraphKind, number>;
  readonly #seed: number;
  readonly #changed = { users: new Map<number, object | null>(), devices: new Map<number, object | null>() };
  readonly #changes: Change[] = [];
  readonly #first: number;
  #version = 0;
  /** How many of the products the tenant still has. */
  products: number = skuParts.length;

  constructor(id: string, sizes: GraphSizes) {
    this.id = id;
    this.#seed = sizes.seed;
    this.#counts = { users: sizes.users, devices: sizes.devices };
    this.#first = sizes.users;
  }

  get version(): number {
    return this.#version;
  }

  /** Number of records ever made, removed ones too. */
  count(kind: GraphKind): number {
    return this.#counts[kind];
  }

  /** The object id of a record by its number. */
  idOf(kind: keyof typeof Kinds, index: number): string {
    const seed = this.#seed.toString(16).padStart(4, '0');
    const tenant = this.id.slice(-4);
    return `${tenant}${seed}-000${Kinds[kind]}-4000-8000-${index.toString(16).padStart(12, '0')}`;
  }

  /** The number of a record by its object id; undefined for what is not one of this tenant's. */
  indexOf(kind: GraphKind, id: string): number | undefined {
    const index = Number.parseInt(id.slice(-12), 16);
    return index < this.#counts[kind] && this.idOf(kind, index) === id ? index : undefined;
  }

  /** A record by its number; undefined when it was removed. */
  record(kind: GraphKind, index: number): GraphRecord | undefined {
    const changed = this.#changed[kind].get(index);
    if (changed === null) return undefined;
    return { ...(kind === 'users' ? this.#user(index) : this.#device(index)), ...changed };
  }

  /** Changes fields of a record, or removes it (`null`). */
  change(kind: GraphKind, index: number, fields: Record<string, unknown> | null): void {
    const before = this.#changed[kind].get(index);
    this.#changed[kind].set(index, fields === null ? null : { ...before, ...fields });
    this.#version++;
    if (kind === 'users') this.#changes.push({ version: this.#version, index, fields: Object.keys(fields ?? {}) });
  }

  /** A new user; answers its number. */
  addUser(fields: Record<string, unknown> = {}): number {
    const index = this.#counts.users++;
    this.change('users', index, fields);
    return index;
  }

  /** Users changed after a version, as a delta shows them: gone ones with `@removed`, changed ones with what changed. */
  changesSince(version: number): GraphRecord[] {
    const fields = new Map<number, Set<string>>();
    for (const change of this.#changes) {
      if (change.version <= version) continue;
      const known = fields.get(change.index) ?? new Set();
      for (const name of change.fields) known.add(name);
      fields.set(change.index, known);
    }
    return [...fields].map(([index, names]): GraphRecord => {
      const record = this.record('users', index);
      const id = this.idOf('users', index);
      if (!record) return { id, '@removed': { reason: 'deleted' } };
      if (index >= this.#first) return record;
      return { id, ...Object.fromEntries([...names].map((name) => [name, record[name]])) };
    });
  }

  /** Members of a group: group n holds every user whose number leaves n when divided by four. */
  *members(groupId: string): Generator<GraphRecord> {
    const group = Number.parseInt(groupId.slice(-12), 16);
    for (let index = group; index < this.#counts.users; index += 4) {
      if (this.#changed.users.get(index) !== null)
        yield { '@odata.type': '#microsoft.graph.user', id: this.idOf('users', index) };
    }
  }

  /** What the tenant has bought. */
  skus(): GraphRecord[] {
    return skuParts.slice(0, this.products).map(([skuPartNumber, enabled], at) => ({
      id: `${this.id}_${this.idOf('skus', at)}`,
      skuId: this.idOf('skus', at),
      skuPartNumber,
      appliesTo: 'User',
      capabilityStatus: at === 2 ? 'Suspended' : 'Enabled',
      consumedUnits: Math.min(enabled, Math.ceil(this.#counts.users / (at + 1))),
      prepaidUnits: { enabled: at === 2 ? 0 : enabled, suspended: at === 2 ? enabled : 0, warning: 0, lockedOut: 0 },
    }));
  }

  #user(index: number): GraphRecord {
    const givenName = Given[index % Given.length] ?? '';
    const surname = Surnames[index % Surnames.length] ?? '';
    const login = `${givenName}.${surname}.${index}`.toLowerCase();
    const domain = `${this.id.slice(-4)}.example`;
    return {
      id: this.idOf('users', index),
      displayName: `${givenName} ${surname} ${index}`,
      givenName,
      surname,
      mail: index % 50 === 48 ? null : `${login}@${domain}`,
      userPrincipalName: `${login}@${domain}`,
      accountEnabled: index % 25 !== 24,
      userType: index % 40 === 39 ? 'Guest' : 'Member',
      jobTitle: index % 3 === 0 ? null : 'Adviser',
      department: Departments[index % Departments.length],
      companyName: 'Contoso',
      officeLocation: Offices[index % Offices.length],
      businessPhones: index % 5 === 0 ? [] : [`+44 20 7946 ${String(index % 10_000).padStart(4, '0')}`],
      mobilePhone: index % 2 === 0 ? null : `+44 7700 ${String(900_000 + (index % 1_000)).padStart(6, '0')}`,
      onPremisesSamAccountName: index % 10 === 0 ? `u${index}` : null,
      assignedLicenses: index % 4 === 3 ? [] : [{ skuId: this.idOf('skus', index % 2), disabledPlans: [] }],
    };
  }

  #device(index: number): GraphRecord {
    const windows = index % 4 !== 3;
    return {
      id: this.idOf('devices', index),
      deviceName: `${windows ? 'PC' : 'PHONE'}-${index}`,
      serialNumber: `SN${String(index).padStart(8, '0')}`,
      manufacturer: windows ? 'Dell Inc.' : 'Apple',
      model: windows ? 'Latitude 5450' : 'iPhone 15',
      operatingSystem: windows ? 'Windows' : 'iOS',
      osVersion: windows ? '10.0.22631.4317' : '18.1',
      complianceState: 'compliant',
      managementAgent: index % 30 === 29 ? 'msSense' : 'mdm',
      managedDeviceOwnerType: 'company',
      azureADDeviceId: this.idOf('devices', index),
      userId: this.#counts.users > 0 ? this.idOf('users', index % this.#counts.users) : null,
      userPrincipalName: null,
      enrolledDateTime: '2026-01-15T08:30:00Z',
      lastSyncDateTime: '2026-11-20T06:15:00Z',
    };
  }
}
