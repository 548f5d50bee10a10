# Every block of docs/plan-and-undo.md, in its order and in one session, against a Pax8 and a Halo of its own. What stands in a block of
# text behind it is what it says. What happens outside between two blocks stands in a comment: <!-- outside {"vendor": [...]} -->.
BeforeDiscovery {
    Import-Module "$PSScriptRoot/Halo.psm1" -Force
    $steps = @()
    $code = $null
    $kind = ''
    foreach ($line in Get-Content "$(Get-HaloProject)/docs/plan-and-undo.md") {
        if ($kind) {
            if ($line -ne '```') { $code += @($line) }
            elseif ($kind -eq 'text') { $steps[-1].Said = $code; $kind = '' }
            else { $steps += @{ Number = $steps.Count + 1; First = $code[0]; Code = $code; Said = $null; Outside = $null }; $kind = '' }
        } elseif ($line -match '^```(powershell|text)$') {
            $kind = $Matches[1]
            $code = @()
        } elseif ($line -match '^<!-- outside (.+) -->$') { $steps += @{ Number = $steps.Count + 1; First = 'what happens outside'; Code = @(); Said = $null; Outside = $Matches[1] } }
    }
    $withWords = @{ Count = @($steps | Where-Object { $null -ne $_.Said }).Count }
}

BeforeAll {
    Import-Module "$PSScriptRoot/Halo.psm1" -Force
    $instance = Start-HaloTestInstance
    $folder = (New-Item -ItemType Directory 'TestDrive:/story').FullName
    $runspace = [runspacefactory]::CreateRunspace()
    $runspace.Open()

    # What commands come to as a person would see it, 110 characters wide; errors are thrown.
    function Invoke-Shown([string] $Script) {
        $shell = [powershell]::Create($runspace)
        try {
            $output = $shell.AddScript($Script).AddCommand('Out-String').AddParameter('Width', 110).Invoke()
            if ($shell.Streams.Error.Count) { throw "$($shell.Streams.Error[0])" }
            @(($output -join '') -split '\r?\n' | ForEach-Object { $_.TrimEnd() } | Where-Object { $_ })
        } finally { $shell.Dispose() }
    }

    Invoke-Shown @"
`$ErrorActionPreference = 'Stop'; `$WarningPreference = 'SilentlyContinue'; `$ConfirmPreference = 'None'
`$PSStyle.OutputRendering = 'PlainText'
Set-Location '$folder'
Import-Module '$(Get-HaloProject)/HaloDBIntegrator.psd1'
Set-HaloSyncInstance '$($instance.ConfigPath)' -Default
"@ | Should -BeNullOrEmpty
}

AfterAll {
    if ($runspace) { $runspace.Dispose() }
    if ($instance) { $instance.Stop() }
}

Describe 'docs/plan-and-undo.md' {
    It 'says what <Count> of its blocks come to' -ForEach $withWords { $Count | Should -BeGreaterThan 4 }

    It 'block <Number>: <First>' -ForEach $steps {
        if ($Outside) { $instance.Tell(($Outside | ConvertFrom-Json)); return }
        # A page names runs by the beginning of an id; those of the test are others.
        $last = "$(Invoke-Shown '(Get-HaloSyncRun -Last 1).Id')"
        $came = Invoke-Shown (($Code -join "`n") -replace '\b3f2a\b', $(if ($last) { $last } else { 'none' }))
        if ($null -ne $Said) { $came -join "`n" | Should -BeExactly (@($Said | Where-Object { $_ } | ForEach-Object { $_.TrimEnd() }) -join "`n") }
    }
}
