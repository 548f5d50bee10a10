# What Get-Help shows of every cmdlet, in the console's own host.
BeforeDiscovery {
    Import-Module "$PSScriptRoot/Halo.psm1" -Force
    $cmdlets = Get-HaloCmdletName
}

BeforeAll {
    Import-Module "$PSScriptRoot/Halo.psm1" -Force
    Import-Module "$(Get-HaloProject)/HaloDBIntegrator.psd1"
}

Describe 'The help of <_>' -ForEach $cmdlets {
    BeforeAll {
        $help = Get-Help $_ -Full
        $cmdlet = Get-Command $_
    }

    It 'has a synopsis of its own words' {
        $help.Synopsis | Should -Match '^[A-Z].*\.$'
    }

    It 'has a description that says more' {
        $description = $help.description.Text -join ' '
        $description | Should -Match '\.$'
        $description.Length | Should -BeGreaterThan 80
        $description | Should -Not -BeLike "*$($help.Synopsis)*"
    }

    It 'describes every parameter' {
        $described = @($help.parameters.parameter)
        foreach ($name in $cmdlet.Parameters.Keys.Where({ $_ -notin [System.Management.Automation.Cmdlet]::CommonParameters })) {
            ($described | Where-Object name -EQ $name).description.Text | Should -Not -BeNullOrEmpty -Because "-$name is a parameter"
        }
    }

    It 'says what a parameter is that is left out' {
        foreach ($parameter in $help.parameters.parameter) {
            if ($cmdlet.Parameters[$parameter.name].SwitchParameter -and $parameter.name -notin 'WhatIf', 'Confirm' -and $parameter.required -eq 'false') {
                $parameter.defaultValue | Should -Be 'False' -Because "-$($parameter.name) is a switch"
            }
        }
    }

    It 'says what comes in and what comes out' {
        $help.inputTypes.inputType.description.Text | Should -Not -BeNullOrEmpty
        foreach ($type in $cmdlet.OutputType.Name) { @($help.returnValues.returnValue.type.name) | Should -Contain $type }
        $help.returnValues.returnValue.type.name | Should -Not -BeNullOrEmpty
    }

    It 'leads on' {
        $links = @($help.relatedLinks.navigationLink.linkText)
        $links | Should -Not -BeNullOrEmpty
        foreach ($link in $links) {
            if ($link -like 'about_*') { Get-Help $link | Should -Match "TOPIC\s+$link" } else { Get-Command $link -Module HaloDBIntegrator | Should -Not -BeNullOrEmpty }
        }
    }

    It 'has examples that PowerShell reads' {
        $help.examples.example | Should -Not -BeNullOrEmpty
        foreach ($example in $help.examples.example) {
            $faults = $null
            $null = [System.Management.Automation.Language.Parser]::ParseInput($example.code, [ref] $null, [ref] $faults)
            $faults | Should -BeNullOrEmpty -Because $example.code
        }
    }
}

Describe 'The examples' {
    It 'keep the ends of their lines' {
        $code = @((Get-Help Set-HaloIntegrationSetting).examples.example.code) -like '$secret = *'
        ($code -split '\n')[0] | Should -Be '$secret = Read-Host -AsSecureString'
    }

    It 'are in the topics too, and PowerShell reads them' {
        foreach ($file in Get-ChildItem "$(Get-HaloProject)/en-US/about_*.help.txt") {
            $text = Get-Content $file -Raw
            foreach ($example in [regex]::Matches($text, '(?m)(?:^ {8,}\S.*\n?)+').Value | Where-Object { $_ -match '-Halo\w+' -and $_ -notmatch '  @\{' }) {
                $faults = $null
                $tree = [System.Management.Automation.Language.Parser]::ParseInput($example, [ref] $null, [ref] $faults)
                $faults | Should -BeNullOrEmpty -Because $example
                foreach ($command in $tree.FindAll({ $args[0] -is [System.Management.Automation.Language.CommandAst] }, $true)) {
                    if ($command.GetCommandName() -notlike '*-Halo*') { continue }
                    $known = (Get-Command $command.GetCommandName()).Parameters
                    foreach ($parameter in @($command.CommandElements.ParameterName) -ne $null) { $known.Keys | Should -Contain $parameter -Because $example }
                }
            }
        }
    }
}
