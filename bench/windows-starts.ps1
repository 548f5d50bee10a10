# How long a cmdlet and a scheduled run take to start on Windows, against a Node that does nothing: milliseconds, the median of seven.
param([string] $Project, [string] $Node, [string] $Report)

$ErrorActionPreference = 'Stop'
Import-Module HaloDBIntegrator
$package = (Get-Module HaloDBIntegrator).ModuleBase
$folder = Join-Path ([IO.Path]::GetTempPath()) 'halo starts\hourly'
$null = New-HaloSyncInstance $folder
function Median([scriptblock] $work) {
    & $work | Out-Null
    $times = foreach ($time in 1..7) { (Measure-Command { & $work | Out-Null }).TotalMilliseconds }
    [math]::Round(($times | Sort-Object)[3])
}
$alone = Median { & $Node -e 0 }
$rows = @(
    [pscustomobject]@{ What = 'node -e 0'; Milliseconds = $alone }
    [pscustomobject]@{ What = 'Get-HaloDbConfig'; Milliseconds = Median { Get-HaloDbConfig -ConfigPath $folder } }
    [pscustomobject]@{ What = 'HaloDBIntegrator.exe --version'; Milliseconds = Median { & "$package\HaloDBIntegrator.exe" --version } }
    [pscustomobject]@{ What = 'HaloDBIntegrator.exe runs'; Milliseconds = Median { & "$package\HaloDBIntegrator.exe" runs --config $folder } }
    [pscustomobject]@{ What = 'HaloDBIntegrator.exe sync, of nothing'; Milliseconds = Median { & "$package\HaloDBIntegrator.exe" sync --config $folder } }
    [pscustomobject]@{ What = 'HaloDBIntegrator.exe AUTO, with its entry in the Event Log'; Milliseconds = Median { & "$package\HaloDBIntegrator.exe" AUTO $folder } }
    [pscustomobject]@{ What = 'HaloDBIntegrator.exe task list'; Milliseconds = Median { & "$package\HaloDBIntegrator.exe" task list } }
)
$rows | Add-Member -MemberType ScriptProperty -Name Times -Value { [math]::Round($this.Milliseconds / $alone, 1) }
$text = ($rows | Format-Table -AutoSize | Out-String -Width 120).Trim()
[IO.File]::WriteAllText($Report, "$text`nended`n")
Remove-Item -LiteralPath (Split-Path $folder) -Recurse -Force -ErrorAction SilentlyContinue
