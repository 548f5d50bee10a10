import { parseTable } from './column-type.ts';
import type { SchemaTable } from './column-type.ts';
import area from './AREA.json' with { type: 'json' };
import site from './SITE.json' with { type: 'json' };
import users from './USERS.json' with { type: 'json' };
import uname from './UNAME.json' with { type: 'json' };
import item from './ITEM.json' with { type: 'json' };
import company from './COMPANY.json' with { type: 'json' };
import licence from './Licence.json' with { type: 'json' };
import licencechange from './LicenceChange.json' with { type: 'json' };
import userchange from './UserChange.json' with { type: 'json' };
import externallink from './ExternalLink.json' with { type: 'json' };
import integrationsitemapping from './IntegrationSiteMapping.json' with { type: 'json' };
import integrationerror from './IntegrationError.json' with { type: 'json' };
import modulesetup from './MODULESETUP.json' with { type: 'json' };
import changeseq from './CHANGESEQ.json' with { type: 'json' };
import pax8details from './Pax8Details.json' with { type: 'json' };
import tree from './TREE.json' with { type: 'json' };
import generic from './GENERIC.json' with { type: 'json' };
import lookup from './LOOKUP.json' with { type: 'json' };
import addressstore from './ADDRESSSTORE.json' with { type: 'json' };
import xtype from './XTYPE.json' with { type: 'json' };
import tstatus from './TSTATUS.json' with { type: 'json' };
import requesttype from './REQUESTTYPE.json' with { type: 'json' };
import nhserverconfig from './NHServerConfig.json' with { type: 'json' };
import nhserverlogs from './NHServerLogs.json' with { type: 'json' };
import sectiondetail from './SECTIONDETAIL.json' with { type: 'json' };
import faults from './FAULTS.json' with { type: 'json' };
import actions from './ACTIONS.json' with { type: 'json' };
import attachment from './ATTACHMENT.json' with { type: 'json' };
import attachmentaction from './ATTACHMENTACTION.json' with { type: 'json' };
import mailbox from './MAILBOX.json' with { type: 'json' };
import mailboxcredential from './MailboxCredential.json' with { type: 'json' };
import incomingemail from './IncomingEmail.json' with { type: 'json' };
import control from './CONTROL.json' with { type: 'json' };
import control2 from './CONTROL2.json' with { type: 'json' };
import control3 from './CONTROL3.json' with { type: 'json' };
import control4 from './Control4.json' with { type: 'json' };
import azuredelta from './AzureDelta.json' with { type: 'json' };
import azureadconnection from './AzureADConnection.json' with { type: 'json' };
import azureadmapping from './AzureADMapping.json' with { type: 'json' };
import azureadfilter from './AzureADFilter.json' with { type: 'json' };
import areaazuretenant from './AreaAzureTenant.json' with { type: 'json' };
import azurelicences from './AzureLicences.json' with { type: 'json' };
import device from './DEVICE.json' with { type: 'json' };
import userdevice from './USERDEVICE.json' with { type: 'json' };
import deviceapplications from './DeviceApplications.json' with { type: 'json' };
import xtypemapping from './XTypeMapping.json' with { type: 'json' };
import info from './INFO.json' with { type: 'json' };
import typeinfo from './TYPEINFO.json' with { type: 'json' };
import field from './FIELD.json' with { type: 'json' };
import devicechange from './DEVICECHANGE.json' with { type: 'json' };
import devicechild from './DeviceChild.json' with { type: 'json' };
import integrationfieldmapping from './IntegrationFieldMapping.json' with { type: 'json' };
import integrationfilter from './IntegrationFilter.json' with { type: 'json' };
import integrationlookup from './IntegrationLookUp.json' with { type: 'json' };
import integrationdelta from './IntegrationDelta.json' with { type: 'json' };
import integrationconfiguration from './IntegrationConfiguration.json' with { type: 'json' };
import xtypemappingcriteria from './XTypeMappingCriteria.json' with { type: 'json' };
import cabheader from './CABHEADER.json' with { type: 'json' };
import cabmember from './CABMEMBER.json' with { type: 'json' };
import { integrationTables } from './integration-tables.ts';

/** The tables of Halo that the product touches, by name as Halo spells it. */
export const haloSchema: ReadonlyMap<string, SchemaTable> = new Map<string, SchemaTable>([
  ['AREA', area],
  ['SITE', site],
  ['USERS', users],
  ['UNAME', uname],
  ['ITEM', item],
  ['COMPANY', company],
  ['Licence', licence],
  ['LicenceChange', licencechange],
  ['UserChange', userchange],
  ['ExternalLink', externallink],
  ['IntegrationSiteMapping', integrationsitemapping],
  ['IntegrationError', integrationerror],
  ['MODULESETUP', modulesetup],
  ['CHANGESEQ', changeseq],
  ['Pax8Details', pax8details],
  ['TREE', tree],
  ['GENERIC', generic],
  ['LOOKUP', lookup],
  ['ADDRESSSTORE', addressstore],
  ['XTYPE', xtype],
  ['TSTATUS', tstatus],
  ['REQUESTTYPE', requesttype],
  ['SECTIONDETAIL', sectiondetail],
  ['NHServerConfig', nhserverconfig],
  ['NHServerLogs', nhserverlogs],
  ['FAULTS', faults],
  ['ACTIONS', actions],
  ['ATTACHMENT', attachment],
  ['ATTACHMENTACTION', attachmentaction],
  ['MAILBOX', mailbox],
  ['MailboxCredential', mailboxcredential],
  ['IncomingEmail', incomingemail],
  ['CONTROL', control],
  ['CONTROL2', control2],
  ['CONTROL3', control3],
  ['Control4', control4],
  ['AzureDelta', azuredelta],
  ['AzureADConnection', azureadconnection],
  ['AzureADMapping', azureadmapping],
  ['AzureADFilter', azureadfilter],
  ['AreaAzureTenant', areaazuretenant],
  ['AzureLicences', azurelicences],
  ['DEVICE', device],
  ['USERDEVICE', userdevice],
  ['DeviceApplications', deviceapplications],
  ['XTypeMapping', xtypemapping],
  ['INFO', info],
  ['TYPEINFO', typeinfo],
  ['FIELD', field],
  ['DEVICECHANGE', devicechange],
  ['DeviceChild', devicechild],
  ['IntegrationFieldMapping', integrationfieldmapping],
  ['IntegrationFilter', integrationfilter],
  ['IntegrationLookUp', integrationlookup],
  ['IntegrationDelta', integrationdelta],
  ['IntegrationConfiguration', integrationconfiguration],
  ['XTypeMappingCriteria', xtypemappingcriteria],
  ['CABHEADER', cabheader],
  ['CABMEMBER', cabmember],
  ...integrationTables,
]);

/** Read when a table is first asked for: few of them are, and a start waits for all of them otherwise. */
const byLowerName: ReadonlyMap<string, () => ReturnType<typeof parseTable>> = new Map(
  [...haloSchema].map(([name, table]) => {
    let parsed: ReturnType<typeof parseTable> | undefined;
    return [name.toLowerCase(), () => (parsed ??= parseTable(name, table))];
  }),
);

/** The facts of one table in parsed form; the name's case does not matter. */
export function schemaTable(name: string): ReturnType<typeof parseTable> | undefined {
  return byLowerName.get(name.toLowerCase())?.();
}

export { parseColumn, parseTable } from './column-type.ts';
export type { SchemaColumn, SchemaTable } from './column-type.ts';
