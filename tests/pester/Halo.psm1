# What the suite's files share: the module as it is built here, and an instance to try it on.
Set-StrictMode -Version Latest
$script:root = (Resolve-Path "$PSScriptRoot/../..").Path

<# .SYNOPSIS The project's folder. #>
function Get-HaloProject { $script:root }

<# .SYNOPSIS The cmdlets that the manifest exports. #>
function Get-HaloCmdletName { (Import-PowerShellDataFile "$script:root/HaloDBIntegrator.psd1").CmdletsToExport }

<# .SYNOPSIS An instance with an embedded database, demo content and a Pax8 on loopback: ConfigPath, Folder, Tell(), Stop(). #>
function Start-HaloTestInstance {
    $start = [Diagnostics.ProcessStartInfo]::new($env:HALO_DB_INTEGRATOR_NODE)
    foreach ($word in '--no-warnings', "$script:root/tests/module/instance.ts") { $start.ArgumentList.Add($word) }
    $start.RedirectStandardInput = $start.RedirectStandardOutput = $true
    $process = [Diagnostics.Process]::Start($start)
    $made = $process.StandardOutput.ReadLine() | ConvertFrom-Json
    $instance = [pscustomobject]@{ ConfigPath = $made.settings; Folder = Split-Path $made.settings; Process = $process }
    # What happens outside: at the vendor, or by somebody's hand in Halo (tests/module/instance.ts).
    $instance | Add-Member ScriptMethod Tell { param($what) $this.Process.StandardInput.WriteLine(($what | ConvertTo-Json -Compress -Depth 5)); $this.Process.StandardOutput.ReadLine() | Out-Null }
    $instance | Add-Member -PassThru ScriptMethod Stop { $this.Process.StandardInput.Close(); $this.Process.WaitForExit() }
}

Export-ModuleMember -Function *
