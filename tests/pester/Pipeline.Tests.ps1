# What a pipeline of instances does: what binds, whose turn it is, and what one that fails does to the others.
BeforeDiscovery {
    Import-Module "$PSScriptRoot/Halo.psm1" -Force
    $ofInstances = Get-HaloCmdletName | Where-Object { $_ -notmatch 'Task$|Instance$' }
    $words = @{
        'Enable-HaloIntegration' = @{ Integration = 'Pax8'; WhatIf = $true }
        'Disable-HaloIntegration' = @{ Integration = 'Pax8'; WhatIf = $true }
        'Export-HaloSyncReport' = @{ Path = 'TestDrive:/page.html' }
        'Get-HaloSyncLog' = @{ Tail = 1 }
        'Invoke-HaloApi' = @{ Resource = 'Team' }
        'Invoke-HaloSync' = @{ Integration = 'Pax8'; Entity = 'Products' }
        'Set-HaloDbConfig' = @{ HaloUrl = 'https://halo.example.com' }
        'Set-HaloIntegrationSetting' = @{ Integration = 'Pax8'; Setting = 'ClientId'; Value = '1234'; WhatIf = $true }
        'Stop-HaloSync' = @{ WhatIf = $true }
        'Undo-HaloSync' = @{ WhatIf = $true }
    }
    $cases = $ofInstances | ForEach-Object { @{ Name = $_; Words = if ($words[$_]) { $words[$_] } else { @{} } } }
}

BeforeAll {
    Import-Module "$PSScriptRoot/Halo.psm1" -Force
    Import-Module "$(Get-HaloProject)/HaloDBIntegrator.psd1"
    $instance = Start-HaloTestInstance
    $root = (New-Item -ItemType Directory "TestDrive:/halo [1] & co").FullName
    $run = @(Invoke-HaloSync Pax8 -Entity Products -ConfigPath $instance.ConfigPath)[0].RunId
    $hourly, $daily = foreach ($name in 'hourly', 'daily') { (New-HaloSyncInstance "$root/$name" -CopyFrom $instance.ConfigPath).Folder }
}

AfterAll { $instance.Stop() }

Describe '<Name> in a pipeline' -ForEach $cases {
    BeforeAll {
        $parameters = (Get-Command $Name).Parameters
        if ($parameters.ContainsKey('RunId') -and $parameters.RunId.Attributes.Mandatory -contains $true) { $Words = $Words + @{ RunId = $run } }
    }

    It 'goes on after an instance that is none' {
        $given = '/nowhere/at all', $instance.Folder | ForEach-Object { [pscustomobject]@{ ConfigPath = $_ } }
        $problems = $null
        # A check that fails is what Test-HaloDbConfig gives; what is in no folder cannot be switched off in it.
        $output = $given | & $Name @Words -ErrorAction SilentlyContinue -ErrorVariable problems -WarningAction SilentlyContinue
        if ($Name -eq 'Test-HaloDbConfig') {
            ($output | Where-Object ConfigPath -EQ $instance.ConfigPath).Count | Should -BeGreaterThan 1
        } elseif ($Name -ne 'Stop-HaloSync') {
            @($problems).FullyQualifiedErrorId | Should -BeLike 'SettingsNotFound,*'
            if ($Name -like 'Get-*Config') { $output.ConfigPath | Should -Be $instance.ConfigPath }
        }
    }

    It 'takes folders, by their paths and not by their names' {
        $problems = $null
        Get-Item -LiteralPath $instance.Folder | & $Name @Words -ErrorVariable problems -ErrorAction SilentlyContinue -WarningAction SilentlyContinue | Out-Null
        $problems | Should -BeNullOrEmpty
        foreach ($alias in 'PSPath', 'FullName') { (Get-Command $Name).Parameters.LiteralPath.Aliases | Should -Contain $alias }
    }

    It 'is ended by its first error where it is told to stop' {
        if ($Name -eq 'Test-HaloDbConfig') { return }
        { [pscustomobject]@{ ConfigPath = "$root/*/none" } | & $Name @Words -ErrorAction Stop } | Should -Throw -ErrorId 'InstanceNotFound,*'
    }
}

Describe 'Several instances' {
    It 'are meant by a wildcard' {
        (Get-HaloDbConfig -ConfigPath "$([WildcardPattern]::Escape($root))/*").ConfigPath | Split-Path | Should -Be $daily, $hourly
    }

    It 'are each where their path has brackets' {
        (Get-HaloDbConfig -ConfigPath $hourly).ConfigPath | Should -Be "$hourly/appsettings.json"
        (Get-ChildItem -LiteralPath $root -Directory | Get-HaloDbConfig).ConfigPath | Split-Path | Should -Be $daily, $hourly
    }

    It 'come into no file together' {
        $page = 'TestDrive:/both.html'
        $file = Get-Item -LiteralPath $hourly, $daily | Export-HaloSyncReport $page -PassThru -ErrorVariable problems -ErrorAction SilentlyContinue
        @($file).Count | Should -Be 1
        $problems.FullyQualifiedErrorId | Should -BeLike 'ReportFileTaken,*'
        Get-Content $page -Raw | Should -Match '/hourly'
    }

    It 'of which one fails leave its exit code' {
        [pscustomobject]@{ ConfigPath = '/nowhere' }, [pscustomobject]@{ ConfigPath = $instance.ConfigPath } | Invoke-HaloSync Pax8 -Entity Products -ErrorAction SilentlyContinue | Out-Null
        $LASTEXITCODE | Should -Be 2
        Invoke-HaloSync Pax8 -Entity Products -ConfigPath $instance.ConfigPath | Out-Null
        $LASTEXITCODE | Should -Be 0
    }
}

Describe 'No instance named' {
    It 'is refused by <_>, which would write into the folder of the module' -ForEach 'Set-HaloDbConfig', 'Enable-HaloIntegration', 'Disable-HaloIntegration', 'Set-HaloIntegrationSetting' {
        $before = Get-FileHash "$(Get-HaloProject)/appsettings.json"
        $words = if ($_ -eq 'Set-HaloDbConfig') { @{ Server = 'sql01' } } else { @{ Integration = 'Pax8' } }
        if ($_ -eq 'Set-HaloIntegrationSetting') { $words += @{ Setting = 'ClientId'; Value = 1 } }
        { & $_ @words } | Should -Throw -ErrorId 'InstanceNotNamed,*'
        (Get-FileHash "$(Get-HaloProject)/appsettings.json").Hash | Should -Be $before.Hash
    }

    It 'is the default of the session, which a pipeline goes before' {
        Set-HaloSyncInstance $hourly -Default
        try {
            Set-HaloDbConfig -HaloUrl https://default.example.com
            (Get-HaloDbConfig).HaloUrl | Should -Be 'https://default.example.com'
            (Get-HaloDbConfig -ConfigPath $daily | Get-HaloDbConfig).ConfigPath | Should -Be "$daily/appsettings.json"
            (Get-Item -LiteralPath $daily | Get-HaloDbConfig).ConfigPath | Should -Be "$daily/appsettings.json"
            (Get-HaloSyncInstance $root | Where-Object IsDefault).Folder | Should -Be $hourly
        } finally {
            Set-HaloSyncInstance -Default:$false
        }
        { Set-HaloDbConfig -HaloUrl https://none.example.com } | Should -Throw -ErrorId 'InstanceNotNamed,*'
        { Set-HaloSyncInstance "$root/none" -Default -ErrorAction Stop } | Should -Throw -ErrorId 'InstanceNotFound,*'
    }

    It 'is not what two are that differ' {
        { Get-Item -LiteralPath $daily | Get-HaloDbConfig -ConfigPath $hourly -ErrorAction Stop } | Should -Throw -ErrorId 'Usage,*'
    }
}

Describe 'Get-HaloSyncInstance' {
    It 'lists what is in a folder, and what is on in each' {
        $found = Get-HaloSyncInstance $root
        $found.Folder | Should -Be $daily, $hourly
        $found.Frequency | Should -Be 'daily', 'hourly'
        (Get-HaloSyncInstance $instance.Folder).EntitiesOn | Should -Contain 'Pax8 Products'
        ($found | Get-HaloDbConfig).ConfigPath | Should -Be $found.ConfigPath
        (Get-Item -LiteralPath $hourly | Get-HaloSyncInstance).Folder | Should -Be $hourly
    }

    It 'says of a folder that is none' {
        { Get-HaloSyncInstance /nowhere -ErrorAction Stop } | Should -Throw -ErrorId 'InstanceNotFound,*'
    }
}
