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

    It 'describes every parameter' {
        $described = @($help.parameters.parameter)
        foreach ($name in $cmdlet.Parameters.Keys.Where({ $_ -notin [System.Management.Automation.Cmdlet]::CommonParameters })) {
            ($described | Where-Object name -EQ $name).description.Text | Should -Not -BeNullOrEmpty -Because "-$name is a parameter"
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
