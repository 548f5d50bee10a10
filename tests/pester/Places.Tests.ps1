# Where a cmdlet is called from and how a path is written: drives of PowerShell's own, odd names, jobs, other runspaces.
BeforeAll {
    Import-Module "$PSScriptRoot/Halo.psm1" -Force
    $manifest = "$(Get-HaloProject)/HaloDBIntegrator.psd1"
    Import-Module $manifest
    $odd = Join-Path $TestDrive 'Müller & Söhne [GmbH] $(x) `y'
    $hourly = (New-HaloSyncInstance (Join-Path $odd 'hourly')).Folder
    $config = Join-Path $hourly 'appsettings.json'
}

Describe 'A path' {
    It 'is taken as it is written where it has brackets, dollars and backticks' {
        (Get-HaloDbConfig -ConfigPath $hourly).ConfigPath | Should -Be $config
        (Get-HaloDbConfig -LiteralPath $config).ConfigPath | Should -Be $config
        (Get-HaloSyncInstance $odd).Folder | Should -Be $hourly
        (Get-ChildItem -LiteralPath $odd -Directory | Get-HaloDbConfig).ConfigPath | Should -Be $config
        Set-HaloDbConfig -ConfigPath $hourly -HaloUrl https://halo.example.com
        (Get-Content -LiteralPath $config -Raw | ConvertFrom-Json).HaloUrl | Should -Be 'https://halo.example.com'
    }

    It 'may be on a drive of PowerShell''s, or begin where one stands' {
        New-PSDrive -Name Halo -PSProvider FileSystem -Root $hourly | Out-Null
        Push-Location Halo:/
        try {
            foreach ($path in 'Halo:/', 'Halo:/appsettings.json', '.', './appsettings.json') { (Get-HaloDbConfig -ConfigPath $path).ConfigPath | Should -Be $config }
            (Get-HaloSyncInstance).Folder | Should -Be $hourly
            (Export-HaloSyncReport Halo:/page.html -ConfigPath . -PassThru).FullName | Should -Be (Join-Path $hourly 'page.html')
            (New-HaloSyncInstance Halo:/within/5min).Folder | Should -Be (Join-Path $hourly 'within/5min')
        } finally {
            Pop-Location
            Remove-PSDrive Halo
        }
    }

    It 'on no drive, of no file system, or of a share that is not there is an error about it alone' {
        foreach ($path in 'Nowhere:/x', 'Env:/PATH', '//server.invalid/share/hourly') {
            $problems = $null
            $found = Get-HaloDbConfig -ConfigPath $path, $hourly -ErrorAction SilentlyContinue -ErrorVariable problems
            $found.ConfigPath | Should -Be $config
            @($problems).Count | Should -Be 1
            "$problems" | Should -Not -MatchExactly '\bE[A-Z]{4,}\b' -Because 'that is a word for programmers'
        }
        { New-HaloSyncInstance (Join-Path $config 'below') -ErrorAction Stop } | Should -Throw '*a file is in the place of its folder*'
    }
}

Describe 'A cmdlet' {
    It 'works in a job, in a thread of its own, and in several at once' {
        $read = { param($manifest, $config) Import-Module $manifest; (Get-HaloDbConfig -ConfigPath $config).ConfigPath }
        Start-ThreadJob $read -ArgumentList $manifest, $config | Receive-Job -Wait -AutoRemoveJob | Should -Be $config
        $several = 1..3 | ForEach-Object -Parallel { Import-Module $using:manifest; (Get-HaloDbConfig -ConfigPath $using:config).ConfigPath }
        $several | Should -Be $config, $config, $config
    }

    It 'takes what came back from a file or another machine' {
        Get-HaloDbConfig -ConfigPath $config | Export-Clixml "$TestDrive/kept.xml"
        (Import-Clixml "$TestDrive/kept.xml" | Get-HaloDbConfig).ConfigPath | Should -Be $config
    }

    It 'takes PowerShell''s words for a level of the log' {
        { Get-HaloSyncLog -Level Warning -ConfigPath $config } | Should -Not -Throw
        { Get-HaloSyncLog -Level loud -ConfigPath $config } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
    }
}
