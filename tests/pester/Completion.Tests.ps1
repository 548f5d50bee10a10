# What Tab offers that only the instance at hand knows, or the product's own lists.
BeforeAll {
    Import-Module "$PSScriptRoot/Halo.psm1" -Force
    Import-Module "$(Get-HaloProject)/HaloDBIntegrator.psd1"
    $instance = Start-HaloTestInstance
    $config = $instance.ConfigPath
    function Complete($Line) { (TabExpansion2 $Line $Line.Length).CompletionMatches }
}

AfterAll { $instance.Stop() }

Describe 'Tab' {
    It 'completes a run, and says when it was and how it ended' {
        Invoke-HaloSync Pax8 -Entity Products -ConfigPath $config | Out-Null
        $run = Get-HaloSyncRun -ConfigPath $config -Last 1
        foreach ($command in "Get-HaloSyncRun -ConfigPath '$config' -Id ", "Get-HaloSyncLog -ConfigPath '$config' -Run ", "Stop-HaloSync -ConfigPath '$config' -Id ") {
            $offered = Complete $command
            $offered.CompletionText | Should -Contain $run.Id
            @($offered.ToolTip)[0] | Should -Match 'ended with 0'
        }
    }

    It 'completes the query of a resource' {
        (Complete 'Invoke-HaloApi Tickets -Query open').CompletionText | Should -Be "@{ open_only = '' }"
        (Complete 'Invoke-HaloApi Client -Query ').ListItemText | Should -Contain 'includeinactive' -Because 'it is a filter of Client'
    }

    It 'offers nothing, and breaks nothing, where there is no scheduler or no such instance' -Skip:($IsWindows) {
        (Complete 'Get-HaloSyncTask -Name x').CompletionText | Should -Not -Contain 'x'
        (Complete "Get-HaloSyncRun -ConfigPath /nowhere -Id ab").CompletionText | Should -Not -Match '^ab\w+'
    }
}

Describe 'Dates' {
    It 'are dates' {
        $run = Get-HaloSyncRun -ConfigPath $config -Last 1
        $run.Started | Should -BeOfType [datetime]
        (Get-HaloSyncLog 1 -ConfigPath $config).Facts.time | Should -BeOfType [datetime]
        (Get-HaloIntegration Pax8 Products -ConfigPath $config).LastSync | Should -BeOfType [datetime]
        $ticket = @(Invoke-HaloApi Tickets -Query @{ count = 1 } -ConfigPath $config)
        foreach ($value in $ticket.dateoccurred) { $value | Should -BeOfType [datetime] }
    }
}
