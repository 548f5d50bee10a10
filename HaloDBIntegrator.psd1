@{
    RootModule             = 'module/bin/HaloDBIntegrator.dll'
    # Written by the build: it stands in package.json.
    ModuleVersion          = '1.0.0'
    GUID                   = '6d0d3c1e-5f2b-4f43-9a53-2f5f7f0f8a61'
    Author                 = 'Halo DB Integrator'
    Copyright              = '(c) Halo DB Integrator contributors. MIT licence.'
    Description            = "Recurring syncs into an on-premise Halo, straight to its SQL Server database, with the Halo API built in."
    PowerShellVersion      = '5.1'
    # Of Windows PowerShell; PowerShell 7 takes no notice of it.
    DotNetFrameworkVersion = '4.7.2'
    CompatiblePSEditions   = @('Desktop', 'Core')
    # Says what to do where the library is not built, or another version of it is loaded.
    NestedModules          = @('module/before-import.psm1')
    FormatsToProcess       = @('module/HaloDBIntegrator.Format.ps1xml')
    FunctionsToExport      = @()
    AliasesToExport        = @()
    VariablesToExport      = @()
    CmdletsToExport        = @(
        'Get-HaloDbConfig'
        'Set-HaloDbConfig'
        'Test-HaloDbConfig'
        'Get-HaloDiagnostic'
        'Get-HaloIntegration'
        'Enable-HaloIntegration'
        'Disable-HaloIntegration'
        'Set-HaloIntegrationSetting'
        'Invoke-HaloSync'
        'Invoke-HaloApi'
        'New-HaloSyncInstance'
        'Get-HaloSyncInstance'
        'Set-HaloSyncInstance'
        'Register-HaloSyncTask'
        'Get-HaloSyncTask'
        'Start-HaloSyncTask'
        'Unregister-HaloSyncTask'
        'Get-HaloSyncRun'
        'Get-HaloSyncLog'
        'Get-HaloSyncRejection'
        'Get-HaloSyncChange'
        'Undo-HaloSync'
        'Stop-HaloSync'
        'Export-HaloSyncReport'
    )
    PrivateData            = @{
        PSData = @{
            Tags         = @('Halo', 'HaloPSA', 'HaloITSM', 'Pax8', 'EntraId', 'Sync', 'Windows', 'Linux', 'PSEdition_Desktop', 'PSEdition_Core')
            LicenseUri   = 'https://opensource.org/license/mit'
            ReleaseNotes = "What changed in each version is in CHANGELOG.md in the module's folder."
        }
    }
}
