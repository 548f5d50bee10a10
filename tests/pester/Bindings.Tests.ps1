# Every kind of object that a cmdlet gives, before every cmdlet that takes something by a property: what binds means what it says, and no more.
BeforeDiscovery {
    Import-Module "$PSScriptRoot/Halo.psm1" -Force
    Import-Module "$(Get-HaloProject)/HaloDBIntegrator.psd1"
    $given = @((Get-HaloCmdletName | ForEach-Object { (Get-Command $_).OutputType.Type }) | Where-Object { $_.FullName -like 'HaloDBIntegrator.*' }) + [IO.FileInfo], [IO.DirectoryInfo] | Sort-Object FullName -Unique
    $pairs = foreach ($type in $given) { foreach ($name in Get-HaloCmdletName) { @{ Type = $type; Name = $name } } }
}

BeforeAll {
    Import-Module "$PSScriptRoot/Halo.psm1" -Force
    Import-Module "$(Get-HaloProject)/HaloDBIntegrator.psd1"
    $instance = Start-HaloTestInstance
    $at = @{ ConfigPath = $instance.ConfigPath }
    # Before the customers are there no subscription has a client.
    $results = @(Invoke-HaloSync Pax8 -Entity Products, Subscriptions @at -WarningAction Ignore)
    $runId = $results[0].RunId
    # A second run, so that one is chosen from two.
    $later = @(Invoke-HaloSync Pax8 -Entity Products @at)[0].RunId
    $changes = @(Get-HaloSyncChange $runId @at)
    $look = @(Invoke-HaloSync Pax8 -Entity Customers -WhatIf @at)

    # By which property of an object a parameter binds: by its own name, else by the first of its aliases that there is.
    function Get-Source($Type, $Parameter) {
        $names = @($Parameter.Name) + $Parameter.Aliases
        if ($Type -in [IO.FileInfo], [IO.DirectoryInfo]) { return $names | Where-Object { $_ -in 'PSPath', 'FullName', 'Name', 'Directory' } | Select-Object -First 1 }
        $names | Where-Object { $Type.GetProperty($_) } | Select-Object -First 1
    }
    $meant = @{
        RunId = 'RunId', 'Run'
        ConfigPath = 'ConfigPath'
        LiteralPath = 'PSPath', 'FullName'
        Path = 'Path', 'FullName', 'Folder', 'ConfigPath'
        Integration = 'Integration'
        Entity = 'Entity'
        Resource = 'Resource'
        Id = 'Id'
    }
}

AfterAll { $instance.Stop() }

Describe '<Type.Name> | <Name>' -ForEach $pairs {
    It 'binds what is meant' {
        foreach ($parameter in (Get-Command $Name).Parameters.Values) {
            if (-not $parameter.Attributes.Where({ $_ -is [System.Management.Automation.ParameterAttribute] -and $_.ValueFromPipelineByPropertyName })) { continue }
            $source = Get-Source $Type $parameter
            if (-not $source) { continue }
            $allowed = $meant[$parameter.Name]
            # A run's own id is its Id; that of a row is the row's.
            if ($parameter.Name -eq 'RunId' -and $Type.Name -eq 'HaloSyncRun') { $allowed = 'Id' }
            $allowed | Should -Contain $source -Because "-$($parameter.Name) of $Name would take it"
        }
    }
}

Describe 'What comes of a pipeline' {
    It 'of changes is their run, whatever the ids of the rows are' {
        $changes.Count | Should -BeGreaterThan 1
        $changes[0].Id | Should -Not -Be $runId
        ($changes | Get-HaloSyncRun).Id | Should -Be $runId
        ($changes[0] | Get-HaloSyncChange).Count | Should -Be $changes.Count
        @($changes[0] | Get-HaloSyncLog -Tail 0).Run | Select-Object -Unique | Should -Be $runId
        @($changes[0] | Undo-HaloSync -WhatIf).UndoneRunId | Select-Object -Unique | Should -Be $runId
        { $changes[0] | Stop-HaloSync -WhatIf 6>$null } | Should -Not -Throw
    }

    It 'of results, rejections and log lines is their run' {
        ($results | Get-HaloSyncRun).Id | Should -Be $runId
        (Get-HaloSyncLog -Tail 0 @at | Where-Object Run -EQ $later | Get-HaloSyncRun).Id | Should -Be $later
        (Get-HaloSyncRejection @at | Where-Object RunId | Select-Object -First 1 | Get-HaloSyncRun).Id | Should -BeIn $runId, $later
        (Get-HaloSyncRun $runId @at | Get-HaloSyncChange).Count | Should -Be $changes.Count
    }

    It 'of planned changes is the run that looked' {
        $look.Count | Should -BeGreaterThan 1
        $run = $look | Get-HaloSyncRun
        @($run).Count | Should -Be 1
        $run.WhatIf | Should -BeTrue
    }

    It 'of an undoing that was only looked at is refused, since no run did it' {
        $problems = $null
        $changes[0] | Undo-HaloSync -WhatIf | Select-Object -First 1 | Get-HaloSyncRun -ErrorAction SilentlyContinue -ErrorVariable problems | Should -BeNullOrEmpty
        $problems.FullyQualifiedErrorId | Should -BeLike '*ValidationError*'
    }

    It 'of rows is what they are in Halo now, and of a run what is in its instance' {
        $row = $changes | Where-Object Resource | Select-Object -First 1
        ($row | Invoke-HaloApi).id | Should -Be $row.Id
        # Its id is no number: only its instance binds.
        @(Get-HaloSyncRun -Last 1 @at | Invoke-HaloApi SoftwareLicence).Count | Should -Be @(Invoke-HaloApi SoftwareLicence @at).Count
    }

    It 'of many that name one entity is one sync of it' {
        $before = @(Get-HaloSyncRun @at).Count
        @($changes | Where-Object Entity -EQ 'Products' | Invoke-HaloSync).Count | Should -Be 1
        @(Get-HaloSyncRun @at).Count | Should -Be ($before + 1)
    }

    It 'of an instance makes another of the same settings, and of what has no path none' {
        $made = Get-HaloSyncInstance $instance.Folder | New-HaloSyncInstance "$TestDrive/5min"
        $made.CopiedFrom | Should -Be $instance.ConfigPath
        $made.Server | Should -Be (Get-HaloDbConfig @at).Server
        $made.Database | Should -Not -BeNullOrEmpty
        ([pscustomobject]@{ Path = "$TestDrive/daily" } | New-HaloSyncInstance).Folder | Should -Be (Join-Path $TestDrive 'daily')
        $problems = $null
        Get-HaloSyncRun -Last 1 @at | New-HaloSyncInstance -ErrorAction SilentlyContinue -ErrorVariable problems
        $problems | Should -Match 'is no path'
    }
}
