# What holds for every cmdlet, whatever it does: its parameters, another culture, strict mode, and what it shows at several widths.
BeforeDiscovery {
    Import-Module "$PSScriptRoot/Halo.psm1" -Force
    $cmdlets = Get-HaloCmdletName
    $widths = 80, 120, 200
    $views = @(
        @{ What = 'Get-HaloIntegration'; Column = 'Entity' }
        @{ What = 'Get-HaloSyncRun'; Column = 'Started' }
        @{ What = 'Get-HaloSyncLog'; Column = 'Message' }
        @{ What = 'Get-HaloSyncRejection'; Column = 'Since' }
        @{ What = 'Test-HaloDbConfig'; Column = 'Name' }
        @{ What = 'Get-HaloSyncInstance'; Column = 'Folder' }
    ) | ForEach-Object { foreach ($width in $widths) { $_ + @{ Width = $width } } }
}

BeforeAll {
    Import-Module "$PSScriptRoot/Halo.psm1" -Force
    Import-Module "$(Get-HaloProject)/HaloDBIntegrator.psd1"
    $instance = Start-HaloTestInstance
    $config = $instance.ConfigPath
    # Without customers no subscription has a client.
    Invoke-HaloSync Pax8 -Entity Products, Subscriptions -ConfigPath $config -WarningAction Ignore | Out-Null

    # One command in a PowerShell of this process, with a culture and strict mode of its own.
    function Invoke-Elsewhere($Script, $Culture = 'de-DE') {
        $shell = [powershell]::Create()
        try {
            $output = $shell.AddScript({
                    param($manifest, $config, $culture, $script)
                    Set-StrictMode -Version Latest
                    $ErrorActionPreference = 'Stop'
                    [cultureinfo]::CurrentCulture = [cultureinfo]::CurrentUICulture = $culture
                    Import-Module $manifest
                    & ([scriptblock]::Create($script))
                }).AddArgument("$(Get-HaloProject)/HaloDBIntegrator.psd1").AddArgument($config).AddArgument([cultureinfo] $Culture).AddArgument($Script).Invoke()
            $shell.Streams.Error | Should -BeNullOrEmpty
            $output
        } finally { $shell.Dispose() }
    }
}

AfterAll { $instance.Stop() }

Describe '<_>' -ForEach $cmdlets {
    It 'has parameters that say the same everywhere' {
        $parameters = (Get-Command $_).Parameters
        if ($parameters.ContainsKey('Name')) { $_ | Should -Match 'HaloSyncTask$' -Because '-Name is the name of a task' }
        if ($parameters.ContainsKey('ConfigPath')) { $parameters.ConfigPath.Aliases | Should -Contain 'Config' }
        if ($parameters.ContainsKey('WhatIf')) { $parameters.Keys | Should -Contain 'Confirm' }
        foreach ($parameter in $parameters.Values) { $parameter.ParameterType | Should -Not -Be ([bool]) -Because "-$($parameter.Name) should be a switch" }
    }

    It 'asks before it changes something, where it changes something' {
        $verb, $noun = $_ -split '-'
        $changes = $verb -in 'Set', 'Enable', 'Disable', 'New', 'Register', 'Unregister', 'Start', 'Stop', 'Export', 'Undo' -or $_ -eq 'Invoke-HaloSync'
        (Get-Command $_).Parameters.ContainsKey('WhatIf') | Should -Be $changes
    }
}

Describe 'Unregister-HaloSyncTask' {
    It 'asks by itself' {
        $attribute = (Get-Command Unregister-HaloSyncTask).ImplementingType.GetCustomAttributes([System.Management.Automation.CmdletAttribute], $false)
        $attribute.ConfirmImpact | Should -Be 'High'
    }
}

Describe 'In German, and in strict mode' {
    It 'a setting, a date and a run are what they are in English' {
        $run = Invoke-Elsewhere 'Invoke-HaloSync Pax8 -Entity Products -ConfigPath $config | Get-HaloSyncRun'
        $run.ExitCode | Should -Be 0
        $run.Started.Date | Should -Be (Get-Date).Date
        @(Invoke-Elsewhere 'Get-HaloSyncRun -Since ([datetime]::Now.AddDays(-1)) -ConfigPath $config').Count | Should -BeGreaterThan 0
        Invoke-Elsewhere 'Set-HaloIntegrationSetting Pax8 ClientId 1.5 -ConfigPath $config -WhatIf' | Should -BeNullOrEmpty
        (Invoke-Elsewhere 'Set-HaloDbConfig -NhserverUpgradeDate 2026-11-24 -ConfigPath $config -PassThru').Nhserver.UpgradeDate | Should -Be '2026-11-24'
        @(Invoke-Elsewhere 'Invoke-HaloApi Client -Query @{ count = 2 } -ConfigPath $config').Count | Should -Be 2
    }

    It 'what is given has every property that its type has' {
        foreach ($script in 'Get-HaloDbConfig -ConfigPath $config', 'Test-HaloDbConfig -ConfigPath $config', 'Get-HaloIntegration -ConfigPath $config', 'Get-HaloSyncRun -ConfigPath $config', 'Get-HaloSyncLog -ConfigPath $config') {
            Invoke-Elsewhere "$script | Format-List * | Out-String" | Should -Not -BeNullOrEmpty
        }
    }
}

Describe '<What> at <Width> columns' -ForEach $views {
    It 'is a table that keeps to them' {
        $output = if ($What -eq 'Get-HaloSyncInstance') { & $What $instance.Folder } else { & $What -ConfigPath $config }
        $lines = ($output | Out-String -Width $Width) -split '\r?\n' | ForEach-Object { $_ -replace '\x1b\[[\d;]*m' }
        $lines -join "`n" | Should -Match $Column
        ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual $Width
        # A column of one letter a line is none.
        @($lines | Where-Object { $_.Trim().Length -eq 1 }).Count | Should -BeLessThan 5
    }
}
