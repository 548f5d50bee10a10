import type { SchemaTable } from './column-type.ts';
import ldapconnection from './LDAPConnection.json' with { type: 'json' };
import ldapstring from './LDAPSTRING.json' with { type: 'json' };
import ldapname from './LDAPNAME.json' with { type: 'json' };
import sqlimport from './SQLIMPORT.json' with { type: 'json' };
import sqlimportfield from './SQLIMPORTFIELD.json' with { type: 'json' };
import ncentraldetails from './NCentralDetails.json' with { type: 'json' };
import dattormmdetails from './DattoRmmDetails.json' with { type: 'json' };
import prtgdetails from './PrtgDetails.json' with { type: 'json' };
import jamfdetails from './JamfDetails.json' with { type: 'json' };
import snipeitdetails from './SnipeITDetails.json' with { type: 'json' };
import gworkspacedetails from './GWorkspaceDetails.json' with { type: 'json' };
import googleworkplacemapping from './GoogleWorkplaceMapping.json' with { type: 'json' };
import oktamapping from './OktaMapping.json' with { type: 'json' };
import kandjidetails from './KandjiDetails.json' with { type: 'json' };
import addigydetails from './AddigyDetails.json' with { type: 'json' };
import sentinelonedetails from './SentinelOneDetails.json' with { type: 'json' };
import sophosdetails from './SophosDetails.json' with { type: 'json' };
import tenabledetails from './TenableDetails.json' with { type: 'json' };
import taniumdetails from './TaniumDetails.json' with { type: 'json' };
import manageenginedetails from './ManageEngineDetails.json' with { type: 'json' };
import kaseyavsaxdetails from './KaseyaVSAXDetails.json' with { type: 'json' };
import snowdetails from './SnowDetails.json' with { type: 'json' };
import vmworkspacedetails from './VMWorkspaceDetails.json' with { type: 'json' };
import awsdetails from './AWSDetails.json' with { type: 'json' };
import streamoneiondetails from './StreamOneIonDetails.json' with { type: 'json' };
import synnexdetails from './SynnexDetails.json' with { type: 'json' };
import ingrammicrodetails from './IngramMicroDetails.json' with { type: 'json' };
import arrowspheredetails from './ArrowSphereDetails.json' with { type: 'json' };
import azuredevopsdetails from './AzureDevOpsDetails.json' with { type: 'json' };

/** The tables in which Halo's web app keeps the settings of single integrations. */
export const integrationTables: readonly (readonly [string, SchemaTable])[] = [
  ['LDAPConnection', ldapconnection],
  ['LDAPSTRING', ldapstring],
  ['LDAPNAME', ldapname],
  ['SQLIMPORT', sqlimport],
  ['SQLIMPORTFIELD', sqlimportfield],
  ['NCentralDetails', ncentraldetails],
  ['DattoRmmDetails', dattormmdetails],
  ['PrtgDetails', prtgdetails],
  ['JamfDetails', jamfdetails],
  ['SnipeITDetails', snipeitdetails],
  ['GWorkspaceDetails', gworkspacedetails],
  ['GoogleWorkplaceMapping', googleworkplacemapping],
  ['OktaMapping', oktamapping],
  ['KandjiDetails', kandjidetails],
  ['AddigyDetails', addigydetails],
  ['SentinelOneDetails', sentinelonedetails],
  ['SophosDetails', sophosdetails],
  ['TenableDetails', tenabledetails],
  ['TaniumDetails', taniumdetails],
  ['ManageEngineDetails', manageenginedetails],
  ['KaseyaVSAXDetails', kaseyavsaxdetails],
  ['SnowDetails', snowdetails],
  ['VMWorkspaceDetails', vmworkspacedetails],
  ['AWSDetails', awsdetails],
  ['StreamOneIonDetails', streamoneiondetails],
  ['SynnexDetails', synnexdetails],
  ['IngramMicroDetails', ingrammicrodetails],
  ['ArrowSphereDetails', arrowspheredetails],
  ['AzureDevOpsDetails', azuredevopsdetails],
];
