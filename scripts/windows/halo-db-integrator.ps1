# The engine without the module's cmdlets: & .\halo-db-integrator.ps1 --help
$words = $args
if ("$(Get-Variable PSNativeCommandArgumentPassing -ValueOnly -ErrorAction Ignore)" -in '', 'Legacy') {
    # Before 7.3, PowerShell leaves it to its caller how quotes in a word are written.
    $words = @($args | ForEach-Object { $_ } | ForEach-Object { '"' + ("$_" -replace '(\\*)"', '$1$1\"' -replace '(\\+)$', '$1$1') + '"' })
}
# The engine writes UTF-8; who captures or pipes it has it read in the console's code page, which is another.
$before = [Console]::OutputEncoding
try {
    try { [Console]::OutputEncoding = New-Object Text.UTF8Encoding $false } catch { Write-Debug 'There is no console.' }
    & "$PSScriptRoot\module\engine\node.exe" --flags "$PSScriptRoot\node\dist\main.mjs" @words
}
finally {
    try { [Console]::OutputEncoding = $before } catch { Write-Debug 'There is no console.' }
}
exit $LASTEXITCODE
