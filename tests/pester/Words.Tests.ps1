# Where somebody must do something there is a word of it: in a warning, in the table that one looks at, with what to do.
BeforeAll {
    Import-Module "$PSScriptRoot/Halo.psm1" -Force
    Import-Module "$(Get-HaloProject)/HaloDBIntegrator.psd1"
    $instance = Start-HaloTestInstance
    $at = @{ ConfigPath = $instance.ConfigPath }
    $off = @{ ConfigPath = (New-HaloSyncInstance (Join-Path $TestDrive 'off') -CopyFrom $instance.ConfigPath).ConfigPath }
    # What stands in a table, however it is wrapped.
    function Shown { ($input | Out-String -Width 80) -replace '\s+', ' ' }
    # Before the customers are there no subscription has a client.
    $verbose = Invoke-HaloSync Pax8 -Entity Subscriptions @at -WarningVariable warnings -WarningAction SilentlyContinue -Verbose 4>&1 |
        Where-Object { $_ -is [Management.Automation.VerboseRecord] }
}

AfterAll { $instance.Stop() }

Describe 'A run that rejected records' {
    It 'warns with how many there were, the first of them, and why' {
        "$warnings" | Should -BeLike 'Pax8 Subscriptions:*450 records were rejected, the first is "*": * has no client in Halo: map the company in Halo, or sync Customers.*'
        "$warnings" | Should -Match 'Missing records were left active'
    }

    It 'shows it where runs are listed' {
        $shown = Get-HaloSyncRun -Last 1 @at | Shown
        $shown | Should -Match '450 records were rejected'
        $shown | Should -Match 'left active'
    }

    It 'names record and reason in the log, and the counts at its end' {
        $log = Get-HaloSyncRun -Last 1 @at | Get-HaloSyncLog -Tail 0
        $log | Where-Object Message -EQ 'Record rejected' | Select-Object -First 1 | Shown | Should -Match 'Record rejected "[^"]+": The Pax8 company'
        $log | Where-Object Message -EQ 'Entity done' | Shown | Should -Match '450 read, 0 created.*450 rejected'
    }

    It 'takes whole tenths of a second' {
        Get-HaloSyncRun -Last 1 @at | Shown | Should -Match '\s\d+\.\d s\s'
    }

    It 'tells with -Verbose what the engine does' {
        "$verbose" | Should -Match 'Sync started: Pax8 Subscriptions'
    }
}

Describe 'Nothing that is switched on' {
    It 'is a warning of an AUTO, which shows which switch it is' {
        Invoke-HaloSync -Auto @off -WarningVariable warned -WarningAction SilentlyContinue | Should -BeNullOrEmpty
        "$warned" | Should -BeLike 'Nothing is switched on both in Halo and here*Get-HaloIntegration*'
    }

    It 'is a check that fails, with what to run' {
        $switches = Test-HaloDbConfig @off | Where-Object Name -EQ 'Switches'
        $switches.Passed | Should -BeFalse
        $switches | Shown | Should -Match 'Enable-HaloIntegration'
    }
}

Describe 'A look at what would be changed' {
    It 'says so where nothing would be, and not to the pipeline' {
        Invoke-HaloSync Pax8 -Entity Products @at | Out-Null
        $told = $null
        Invoke-HaloSync Pax8 -Entity Products -WhatIf @at -InformationVariable told 6>$null | Should -BeNullOrEmpty
        "$told" | Should -Be 'What if: nothing would be changed; Pax8 Products: 3 read.'
        $told = $null
        Invoke-HaloSync Pax8 -Entity Customers -WhatIf @at -InformationVariable told 6>$null | Should -Not -BeNullOrEmpty
        "$told" | Should -BeNullOrEmpty
    }
}

Describe 'A log that is followed' {
    It 'shows what there is at once, and not when more comes' {
        $start = [Diagnostics.ProcessStartInfo]::new('dotnet')
        $script = "Import-Module '$(Get-HaloProject)/HaloDBIntegrator.psd1'; Get-HaloSyncLog 2 -Wait -ConfigPath '$($at.ConfigPath)'"
        foreach ($word in 'tool', 'run', 'pwsh', '--', '-NoProfile', '-NonInteractive', '-Command', $script) { $start.ArgumentList.Add($word) }
        $start.RedirectStandardOutput = $true
        $follower = [Diagnostics.Process]::Start($start)
        try {
            $shown = do { $line = $follower.StandardOutput.ReadLineAsync(); $line.Wait(60000) | Should -BeTrue; $line.Result } until ($line.Result -match 'Sync ended')
            $shown | Should -Not -BeNullOrEmpty
            $follower.HasExited | Should -BeFalse
        } finally { $follower.Kill($true) }
    }
}

Describe 'A switch that is turned on here' {
    It 'warns where it is off in Halo' {
        Enable-HaloIntegration EntraId @off -WarningVariable warned -WarningAction SilentlyContinue | Out-Null
        "$warned" | Should -Match 'EntraId .* are on here and will not run'
    }

    It 'names the instance where it asks' {
        $asked = dotnet tool run pwsh -- -NoProfile -NonInteractive -Command "Import-Module '$(Get-HaloProject)/HaloDBIntegrator.psd1'; Enable-HaloIntegration Pax8 -Entity Contacts -ConfigPath '$($at.ConfigPath)' -WhatIf"
        "$asked" | Should -Match ([regex]::Escape($at.ConfigPath))
    }
}

Describe 'Entities that fail' {
    BeforeAll {
        Set-HaloIntegrationSetting Pax8 -Setting ClientId -Value 'nobody' @at -WarningAction SilentlyContinue
        Invoke-HaloSync Pax8 -Entity Customers, Products @at -ErrorAction SilentlyContinue -ErrorVariable problems | Out-Null
    }

    It 'are each named by their error' {
        $problems.Count | Should -Be 2
        "$($problems[0])" | Should -Match 'Pax8 Customers'
        "$($problems[1])" | Should -Match 'Pax8 Products'
    }

    It 'have their fix in the view of 5.1 too' {
        $ErrorView = 'NormalView'
        $problems[0] | Shown | Should -Match 'Fix: '
    }
}
