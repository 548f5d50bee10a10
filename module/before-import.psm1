# Runs before the module's library is loaded, and says what to do where it cannot be.
& {
    param($folder)
    $library = [IO.Path]::Combine($folder, 'bin', 'HaloDBIntegrator.dll')
    if (-not [IO.File]::Exists($library)) {
        throw "This copy of HaloDBIntegrator is not built: there is no $library. In a clone run 'npm install' and 'npm run build:module' (the .NET SDK 10 is needed), and import it again; on a server take the package (docs/install.md)."
    }
    foreach ($loaded in [AppDomain]::CurrentDomain.GetAssemblies()) {
        if ($loaded.GetName().Name -ne 'HaloDBIntegrator' -or $loaded.IsDynamic -or -not $loaded.Location -or $loaded.Location -eq $library) { continue }
        throw "HaloDBIntegrator $($loaded.GetName().Version.ToString(3)) is loaded in this PowerShell from $($loaded.Location), and a library that is loaded stays. Import this one in a new PowerShell."
    }
} $PSScriptRoot
