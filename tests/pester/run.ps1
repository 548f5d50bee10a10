# Runs the suite; the counts go to a file as JSON, for the closing line of all tests.
param(
    [Parameter(Mandatory)] [string] $Pester,
    [string] $Counts,
    [string] $Only
)
$ErrorActionPreference = 'Stop'
Import-Module $Pester
$configuration = New-PesterConfiguration
$configuration.Run.Path = "$PSScriptRoot/*$Only*.Tests.ps1"
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = 'Normal'
$configuration.Output.CIFormat = 'None'
$result = Invoke-Pester -Configuration $configuration
# A test left out, and a file that cannot be read, count as failed.
$failed = $result.TotalCount - $result.PassedCount + $result.FailedContainersCount
if ($Counts) { @{ passed = $result.PassedCount; failed = $failed } | ConvertTo-Json | Set-Content -LiteralPath $Counts }
exit [int]($failed -gt 0 -or $result.TotalCount -eq 0)
