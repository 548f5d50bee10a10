# From an empty folder to a task that ran, with the package as a server has it, in PowerShell 7 and in Windows PowerShell 5.1.
# What it says goes to a file: a program's exit code alone tells nothing where a PowerShell ends with 0 without having run.
param([string] $Project, [string] $Node, [string] $Report)

$ErrorActionPreference = 'Stop'
$VerbosePreference = 'SilentlyContinue'
$utf8 = New-Object Text.UTF8Encoding $false
function Say([string] $line) { [IO.File]::AppendAllText($Report, "$line`n", $utf8); Write-Host $line }
function Show([string] $command, $given) {
    Say "PS> $command"
    if ($null -ne $given) { foreach ($line in ($given | Out-String -Width 160).Trim().Split("`n")) { Say $line.TrimEnd() } }
}
function Step([string] $name, [scriptblock] $work) {
    try { & $work; Say "ok: $name" }
    catch { Say "failed: $name`n$($_ | Out-String)$($_.ScriptStackTrace)"; throw }
}
function Check($holds, [string] $otherwise) { if (-not $holds) { throw $otherwise } }

# A vendor on loopback, and a database to begin with.
$start = New-Object Diagnostics.ProcessStartInfo $Node, "--no-warnings `"$Project\tests\module\instance.ts`""
$start.UseShellExecute = $false; $start.RedirectStandardInput = $true; $start.RedirectStandardOutput = $true
$vendor = [Diagnostics.Process]::Start($start)
$made = $vendor.StandardOutput.ReadLine() | ConvertFrom-Json
$folder = Join-Path ([IO.Path]::GetTempPath()) "Halo f$([char]0xFC)r M$([char]0xFC)ller & S$([char]0xF6)hne\pax8 hourly"
try {
    Say "PowerShell $($PSVersionTable.PSVersion) on $([Environment]::OSVersion.VersionString)"
    Step 'the module is found by its name' {
        Import-Module HaloDBIntegrator
        Show 'Get-Module HaloDBIntegrator' (Get-Module HaloDBIntegrator | Select-Object Name, Version, ModuleBase | Format-List)
        Check ((Get-Module HaloDBIntegrator).ModuleBase -like '*\Modules\HaloDBIntegrator\*') 'Another one was found.'
    }
    Step 'an instance is made in a path with spaces, umlauts and &' {
        Show "New-HaloSyncInstance '$folder'" (New-HaloSyncInstance $folder -CopyFrom $made.settings | Format-List)
        Check (Test-Path -LiteralPath "$folder\appsettings.json") 'It has no settings.'
    }
    Step 'a secret is kept protected' {
        $secret = New-Object Security.SecureString
        $made.clientSecret.ToCharArray() | ForEach-Object { $secret.AppendChar($_) }
        Show 'Set-HaloIntegrationSetting Pax8 ClientSecret -Secret $secret -Protect' (Set-HaloIntegrationSetting Pax8 ClientSecret -Secret $secret -Protect -ConfigPath $folder)
        $saved = [IO.File]::ReadAllText("$folder\appsettings.json")
        Check ($saved.Contains('"Protected"') -and -not $saved.Contains($made.clientSecret)) 'It stands there in the clear.'
    }
    Step 'entities are switched on and checked' {
        Show 'Enable-HaloIntegration Pax8 -Entity Products, Customers' (Enable-HaloIntegration Pax8 -Entity Products, Customers -ConfigPath $folder)
        $checks = Test-HaloDbConfig -ConfigPath $folder
        Show 'Test-HaloDbConfig' ($checks | Select-Object Name, Passed | Format-Table)
        Check (-not ($checks | Where-Object { -not $_.Passed -and $_.Name -notlike 'NHserver*' })) ($checks | Format-List | Out-String)
    }
    Step 'a sync writes, and the next has nothing to do' {
        $first = Invoke-HaloSync -Auto -ConfigPath $folder
        Show 'Invoke-HaloSync -Auto' ($first | Select-Object Entity, Status, Read, Created | Format-Table)
        Check (($first | Measure-Object Created -Sum).Sum -gt 0) 'It created nothing.'
        $second = Invoke-HaloSync -Auto -ConfigPath $folder
        Check (($second | Measure-Object Created -Sum).Sum -eq 0) 'The second created something, too.'
    }
    Step 'what its task starts opens the secret by itself, and ends well' {
        $action = ([xml](Register-HaloSyncTask $folder -Account SYSTEM -AsXml)).Task.Actions.Exec
        Show 'Register-HaloSyncTask -Account SYSTEM -AsXml' ($action | Select-Object Command, Arguments, WorkingDirectory | Format-List)
        Check ($action.Command -like '*\HaloDBIntegrator.exe') 'It is not the single program.'
        $start = New-Object Diagnostics.ProcessStartInfo $action.Command, $action.Arguments
        $start.WorkingDirectory = $action.WorkingDirectory; $start.UseShellExecute = $false
        $run = [Diagnostics.Process]::Start($start)
        $run.WaitForExit()
        $runs = @(Get-HaloSyncRun -ConfigPath $folder)
        Show 'Get-HaloSyncRun' ($runs | Select-Object State, ExitCode, Auto | Format-Table)
        Check ($run.ExitCode -eq 0) "It ended with $($run.ExitCode): $((Get-HaloSyncLog -Tail 5 -ConfigPath $folder | Out-String))"
        Check ($runs.Count -eq 3 -and $runs[0].ExitCode -eq 0 -and $runs[0].Auto) 'No run of it is on record.'
    }
    Step 'the task is registered, starts, ends well, and is removed' {
        Show 'Register-HaloSyncTask -Account SYSTEM' (Register-HaloSyncTask $folder -Account SYSTEM -PassThru | Select-Object Name, State, Account, Drift | Format-List)
        Start-HaloSyncTask -ConfigPath $folder
        # It is looked at many times, so that what never ends fails.
        for ($looks = 0; $looks -lt 200; $looks++) {
            $task = Get-HaloSyncTask -ConfigPath $folder
            if ($task.State -eq 'Ready' -and $task.LastResult -ne 267011) { break }
            Start-Sleep -Milliseconds 300
        }
        Show 'Get-HaloSyncTask' ($task | Select-Object Name, State, LastResult, LastOutcome, Drift | Format-List)
        Check ($task.LastResult -eq 0) "It ended with $($task.LastResult): $((Get-HaloSyncLog -Tail 5 -ConfigPath $folder | Out-String))"
        Check (-not $task.Drift) "It does not fit: $($task.Drift)"
        $runs = @(Get-HaloSyncRun -ConfigPath $folder)
        Show 'Get-HaloSyncRun' ($runs | Select-Object State, ExitCode, Auto | Format-Table)
        Check ($runs.Count -eq 4 -and $runs[0].ExitCode -eq 0 -and $runs[0].Auto) 'No run of it is on record.'
        Show 'Unregister-HaloSyncTask' (Unregister-HaloSyncTask -ConfigPath $folder -Confirm:$false)
        Check (-not (Get-HaloSyncTask -ConfigPath $folder)) 'It is still there.'
    }
    Step 'to open the secret, no PowerShell had to be started' {
        $detour = Get-HaloSyncLog -ConfigPath $folder | Where-Object Message -like '*through PowerShell*' | Select-Object -First 1
        Check (-not $detour) $detour.Message
    }
    if ($env:HALO_TEST_WINE) { Say 'left out: the Event Log has an entry of the run (needs Windows: an Event Log that is read, too)' }
    else {
        Step 'the Event Log has an entry of the run' {
            $entry = Get-WinEvent -FilterHashtable @{ LogName = 'Application'; Id = 100 } | Where-Object ProviderName -eq 'Halo DB Integrator' | Select-Object -First 1
            Show 'Get-WinEvent' ($entry | Select-Object Id, LevelDisplayName, Message | Format-List)
            Check ($entry.Message -like '*pax8 hourly*exit code 0*') 'It says something else.'
        }
    }
    Step 'the command line says the same, in letters that stay' {
        $starter = "$((Get-Module HaloDBIntegrator).ModuleBase)\halo-db-integrator.ps1"
        $said = & $starter runs --json --config "$folder\" | ConvertFrom-Json
        Check ($said.runs.Count -ge 3) "It knows $($said.runs.Count) runs."
        $config = & $starter config get --json --config $folder | ConvertFrom-Json
        Check ($config.path -eq "$folder\appsettings.json") "It read $($config.path)."
    }
    Say 'ended'
}
finally {
    $vendor.StandardInput.Close()
    if (-not $vendor.WaitForExit(30000)) { $vendor.Kill() }
    Remove-Item -LiteralPath (Split-Path $folder) -Recurse -Force -ErrorAction SilentlyContinue
}
