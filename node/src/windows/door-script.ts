/**
 * Calls a method of the module's Door (module/src/Windows/Door.cs) in PowerShell, 5.1 or later. Each line in and out is texts in
 * base64, parted by spaces, whatever code page a console has: in come the library, the method and its words; out go the rows, or what
 * went wrong. `$out` may be there already. PowerShell itself reads the input of a command, so it is asked first.
 */
export const doorScript = `
$ErrorActionPreference = 'Stop'
$asked = @($input)[0]
if (-not $asked) { $asked = [Console]::In.ReadLine() }
if (-not $out) { $out = [Console]::Out }
$utf8 = [Text.Encoding]::UTF8
function Say { $out.WriteLine(@(foreach ($text in $args) { [Convert]::ToBase64String($utf8.GetBytes([string]$text)) }) -join ' ') }
try {
  $library, $method, $words = foreach ($text in $asked.Split(' ')) { $utf8.GetString([Convert]::FromBase64String($text)) }
  $null = [Reflection.Assembly]::LoadFrom($library)
  $task = ('HaloDBIntegrator.Windows.Door' -as [type])::new().$method([object[]]@($words))
  foreach ($row in $task.GetAwaiter().GetResult()) { Say 'row' @row }
  Say 'done'
} catch {
  $problem = $_.Exception
  while ($problem.InnerException) { $problem = $problem.InnerException }
  Say 'refused' $problem.Message
}
`;
