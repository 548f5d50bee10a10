# What a server's administrator does with the zip: expand it, import the module in a new PowerShell, and use it, with nothing else installed.
BeforeAll {
    Import-Module "$PSScriptRoot/Halo.psm1" -Force
    $project = Get-HaloProject
    $version = (Get-Content "$project/package.json" -Raw | ConvertFrom-Json).version
    $system = if ($IsWindows) { 'win' } elseif ($IsMacOS) { 'darwin' } else { 'linux' }
    $platform = "$system-$([Runtime.InteropServices.RuntimeInformation]::ProcessArchitecture.ToString().ToLowerInvariant())"
    $out = (New-Item -ItemType Directory "$TestDrive/out").FullName
    $made = & $env:HALO_DB_INTEGRATOR_NODE "$project/scripts/package.mjs" --built --platform $platform --out $out 2>$null
    $modules = (New-Item -ItemType Directory "$TestDrive/Module für alle & jeden").FullName
    $package = Join-Path $modules "HaloDBIntegrator/$version"
    $hourly = Join-Path $TestDrive 'hourly'

    # A script in a PowerShell that finds the module as a server's does, and no Node but the package's.
    function Invoke-OnServer($Script) {
        $before = $env:PSModulePath, $env:HALO_DB_INTEGRATOR_NODE
        $env:PSModulePath = "$modules$([IO.Path]::PathSeparator)$env:PSModulePath"
        $env:HALO_DB_INTEGRATOR_NODE = $null
        try { dotnet tool run pwsh -- -NoProfile -NonInteractive -Command $Script } finally { $env:PSModulePath, $env:HALO_DB_INTEGRATOR_NODE = $before }
    }
}

Describe 'The zip for a server' {
    It 'is made beside the folder, by one command' {
        $made | Should -HaveCount 2
        Split-Path -Leaf $made[1] | Should -Be "HaloDBIntegrator-$version-$platform.zip"
    }

    It 'is expanded into a folder of modules by Expand-Archive' {
        Expand-Archive -LiteralPath $made[1] -DestinationPath $modules
        Get-ChildItem -LiteralPath $modules -Name | Should -Be 'HaloDBIntegrator'
        $names = { param($folder) Get-ChildItem -LiteralPath $folder -Recurse -File | ForEach-Object { $_.FullName.Substring($folder.Length) } | Sort-Object }
        & $names $package | Should -Be (& $names $made[0])
    }

    It 'brings a module that is found by its name, and makes and checks an instance' {
        $told = Invoke-OnServer @"
            (Get-Module -ListAvailable HaloDBIntegrator).ModuleBase
            (New-HaloSyncInstance '$hourly').Folder
            Test-HaloDbConfig -ConfigPath '$hourly' | Where-Object Passed -eq `$false | ForEach-Object Name
            (Get-HaloDbConfig -ConfigPath '$hourly').Server
"@
        # All it lacks is something that is switched on.
        $told | Should -Be $package, $hourly, 'Switches', '(embedded)'
    }

    It 'brings its command line' {
        $starter = Join-Path $package $(if ($IsWindows) { 'halo-db-integrator.cmd' } else { 'halo-db-integrator' })
        & $starter --version | Should -Be $version
        $checks = (& $starter test --config $hourly --json | ConvertFrom-Json).checks
        ($checks | Where-Object passed -EQ $false).name | Should -Be 'Switches'
        if ($IsWindows) { & (Join-Path $package 'HaloDBIntegrator.exe') --version | Should -Be $version }
        Invoke-OnServer "& '$(Join-Path $package 'halo-db-integrator.ps1')' --version" | Should -Be $version
    }
}
