# How the module is imported, each time in a PowerShell of its own.
BeforeAll {
    Import-Module "$PSScriptRoot/Halo.psm1" -Force
    $project = Get-HaloProject
    $manifest = Import-PowerShellDataFile "$project/HaloDBIntegrator.psd1"

    # What an import of a copy says, in a process that may have the project's own loaded.
    function Import-Copy($Folder, [switch] $AfterOurs) {
        $first = if ($AfterOurs) { "Import-Module '$project/HaloDBIntegrator.psd1'; " }
        $script = "$first try { Import-Module '$Folder/HaloDBIntegrator.psd1' -ErrorAction Stop; 'imported' } catch { `$_.Exception.Message }"
        & dotnet tool run pwsh -- -NoProfile -NonInteractive -Command $script
    }

    function New-Copy($Name, [switch] $Built) {
        $copy = (New-Item -ItemType Directory "TestDrive:/$Name/module").Parent.FullName
        Copy-Item "$project/HaloDBIntegrator.psd1" $copy
        Copy-Item "$project/module/*" "$copy/module" -Include *.psm1, *.ps1xml, completion.json
        if ($Built) { Copy-Item "$project/module/bin" "$copy/module" -Recurse }
        $copy
    }
}

Describe 'Importing the module' {
    It 'of a clone that is not built says what to run' {
        Import-Copy (New-Copy 'unbuilt') | Should -Match 'npm run build:module'
    }

    It 'of another version beside one that is loaded says that it takes a new PowerShell' {
        $copy = New-Copy 'second' -Built
        Import-Copy $copy | Should -Be 'imported'
        Import-Copy $copy -AfterOurs | Should -Match 'in a new PowerShell'
        Import-Copy $project -AfterOurs | Should -Be 'imported'
    }

    It 'leaves PowerShell its own library for JSON, and the session as it was' {
        $script = "`$before = (Get-Variable).Count; Import-Module '$project/HaloDBIntegrator.psd1'; `$null = Get-HaloSyncInstance '$project'; (Get-Variable).Count - `$before; [AppDomain]::CurrentDomain.GetAssemblies().Where({ `$_.GetName().Name -eq 'Newtonsoft.Json' }).Location"
        $more, $libraries = & dotnet tool run pwsh -- -NoProfile -NonInteractive -Command $script
        $more | Should -BeLessOrEqual 1
        Split-Path $libraries | Should -Be $PSHOME
    }
}

Describe 'A build with an address in package.json' {
    It 'names it in the manifest and in every cmdlet, where Get-Help -Online opens it' {
        $package = "$TestDrive/package.json"
        @{ version = $manifest.ModuleVersion; repository = 'https://github.com/example/halo' } | ConvertTo-Json | Set-Content $package
        $out = Join-Path $TestDrive 'with address'
        & $env:HALO_DB_INTEGRATOR_NODE "$project/scripts/build-module.mjs" --package $package --out $out 2>$null
        $made = Test-ModuleManifest "$out/HaloDBIntegrator.psd1"
        "$($made.ProjectUri)" | Should -Be 'https://github.com/example/halo'
        "$($made.LicenseUri)" | Should -Be 'https://github.com/example/halo/blob/HEAD/LICENSE'
        $told = & dotnet tool run pwsh -- -NoProfile -NonInteractive -Command "Import-Module '$out/HaloDBIntegrator.psd1'; Get-Command -Module HaloDBIntegrator | ForEach-Object HelpUri"
        $told | Should -HaveCount $manifest.CmdletsToExport.Count
        $told | Select-Object -Unique | Should -Be 'https://github.com/example/halo/blob/HEAD/docs/cmdlets.md#what-each-one-does'
    }

    It 'is none that is made up where it has none' {
        $about = Get-Content "$project/package.json" -Raw | ConvertFrom-Json
        if ($about.PSObject.Properties['homepage'] -or $about.PSObject.Properties['repository']) { return }
        $manifest.PrivateData.PSData.Keys | Should -Not -Contain 'ProjectUri'
        Import-Module "$project/HaloDBIntegrator.psd1"
        (Get-Command Get-HaloSyncRun).HelpUri | Should -BeNullOrEmpty
    }
}

Describe 'The manifest' {
    It 'has the version of package.json, and so has the library' {
        $version = (Get-Content "$project/package.json" | ConvertFrom-Json).version
        $manifest.ModuleVersion | Should -Be $version
        [Reflection.AssemblyName]::GetAssemblyName("$project/module/bin/HaloDBIntegrator.dll").Version.ToString(3) | Should -Be $version
    }

    It 'says what a gallery shows' {
        $manifest.Description | Should -Not -BeNullOrEmpty
        $manifest.PrivateData.PSData.LicenseUri | Should -Match '^https://'
        $manifest.PrivateData.PSData.ReleaseNotes | Should -Match 'CHANGELOG'
        $manifest.PrivateData.PSData.Tags | Should -Contain 'HaloPSA'
        Test-ModuleManifest "$project/HaloDBIntegrator.psd1" | Should -Not -BeNullOrEmpty
    }
}
