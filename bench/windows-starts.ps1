# What a start of a cmdlet and of a scheduled run costs on Windows, against a Node that does nothing: the least of so many rounds, in
# milliseconds by the clock and, on Windows, of the processor's, which depend little on what else the machine has to do.
param([string] $Project, [string] $Node, [string] $Report, [int] $Rounds = 10)

$ErrorActionPreference = 'Stop'
Import-Module HaloDBIntegrator
$package = (Get-Module HaloDBIntegrator).ModuleBase
$single = "$package\HaloDBIntegrator.exe"
$folder = Join-Path ([IO.Path]::GetTempPath()) 'halo starts\hourly'
$null = New-HaloSyncInstance $folder
$settings = "$folder\appsettings.json"

# A program to its end; what it is told is written to its stdin.
function Start-Program([string] $program, [string] $arguments, [string] $told) {
    $start = New-Object Diagnostics.ProcessStartInfo $program, $arguments
    $start.UseShellExecute = $false
    $start.RedirectStandardInput = $true; $start.RedirectStandardOutput = $true; $start.RedirectStandardError = $true
    $watch = [Diagnostics.Stopwatch]::StartNew()
    $process = [Diagnostics.Process]::Start($start)
    $said = $process.StandardError.ReadToEndAsync()
    $process.StandardInput.Write($told)
    $process.StandardInput.Close()
    $null = $process.StandardOutput.ReadToEnd()
    $process.WaitForExit()
    if ($process.ExitCode -ne 0) { throw "$program $arguments ended with $($process.ExitCode): $($said.Result)" }
    @{ Processor = $process.TotalProcessorTime.TotalMilliseconds; Clock = $watch.Elapsed.TotalMilliseconds }
}
# A cmdlet: what PowerShell itself takes, and its engine, which is asked the same here.
function Start-Cmdlet([scriptblock] $cmdlet, [string] $method) {
    $here = [Diagnostics.Process]::GetCurrentProcess()
    $before = $here.TotalProcessorTime
    $clock = (Measure-Command { & $cmdlet | Out-Null }).TotalMilliseconds
    $here.Refresh()
    $own = ($here.TotalProcessorTime - $before).TotalMilliseconds
    $hello = @{ type = 'hello'; protocol = 1; client = 'bench'; config = $settings } | ConvertTo-Json -Compress
    $request = @{ type = 'request'; id = 1; method = $method; params = @{} } | ConvertTo-Json -Compress
    $engine = Start-Program "$package\module\engine\node.exe" "--no-warnings `"$package\node\dist\main.mjs`" serve" "$hello`n$request`n"
    @{ Processor = $own + $engine.Processor; Clock = $clock }
}
function Least([object[]] $costs, [string] $of) { [math]::Round(($costs | ForEach-Object { $_[$of] } | Measure-Object -Minimum).Minimum) }

$measured = [ordered]@{
    'node -e 0' = { Start-Program $Node '-e 0' }
    'Get-HaloDbConfig' = { Start-Cmdlet { Get-HaloDbConfig -ConfigPath $folder } 'config-get' }
    'HaloDBIntegrator.exe --version' = { Start-Program $single '--version' }
    'HaloDBIntegrator.exe runs' = { Start-Program $single "runs --config `"$folder`"" }
    'HaloDBIntegrator.exe sync, of nothing' = { Start-Program $single "sync --config `"$folder`"" }
    'HaloDBIntegrator.exe AUTO, with its entry in the Event Log' = { Start-Program $single "AUTO `"$settings`"" }
    'HaloDBIntegrator.exe task list' = { Start-Program $single 'task list' }
}
# Once before, unmeasured: what is kept from then on is not a start's cost. Then round by round, so that what else the machine does is shared.
foreach ($work in $measured.Values) { $null = & $work }
$costs = @{}
foreach ($round in 1..$Rounds) { foreach ($what in $measured.Keys) { $costs[$what] += , (& $measured[$what]) } }
# Wine knows of no other process what it took of the processor.
$kinds = if ($env:HALO_TEST_WINE) { @('Clock') } else { 'Processor', 'Clock' }
$rows = foreach ($what in $measured.Keys) {
    $row = [ordered]@{ What = $what }
    foreach ($kind in $kinds) {
        $cost = Least $costs[$what] $kind
        $row[$kind] = $cost; $row["$kind x node"] = [math]::Round($cost / (Least $costs['node -e 0'] $kind), 1)
    }
    [pscustomobject] $row
}
$text = ($rows | Format-Table -AutoSize | Out-String -Width 140).Trim()
[IO.File]::WriteAllText($Report, "$text`nended`n")
Remove-Item -LiteralPath (Split-Path $folder) -Recurse -Force -ErrorAction SilentlyContinue
