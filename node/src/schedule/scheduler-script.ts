/**
 * Asks Windows' Task Scheduler 2.0 (https://learn.microsoft.com/windows/win32/taskschd/taskservice) in its own words: schtasks.exe
 * answers in Windows' language and in a code page that cannot hold every path. Each line in and out is texts in base64, parted by
 * spaces: in come the folder, what is to be done and what with; out go the tasks, or what was refused. `$service` and `$out` may
 * be there already. PowerShell itself reads the input of a command, so it is asked first.
 */
export const schedulerScript = `
$ErrorActionPreference = 'Stop'
$asked = @($input)[0]
if (-not $asked) { $asked = [Console]::In.ReadLine() }
if (-not $out) { $out = [Console]::Out }
$utf8 = [Text.Encoding]::UTF8
function Say { $out.WriteLine(@(foreach ($text in $args) { [Convert]::ToBase64String($utf8.GetBytes([string]$text)) }) -join ' ') }
function Stamp($time) { if ($time -is [datetime] -and $time.Year -gt 2000) { $time.ToString('yyyy-MM-dd HH:mm:ss', [cultureinfo]::InvariantCulture) } else { '' } }
function Missing($problem) { while ($problem.InnerException) { $problem = $problem.InnerException }; $problem.HResult -in -2147024894, -2147024893 }
try {
  $path, $deed, $name, $xml, $user, $logon = foreach ($text in $asked.Split(' ')) { $utf8.GetString([Convert]::FromBase64String($text)) }
  if (-not $service) { $service = [Activator]::CreateInstance([type]::GetTypeFromProgID('Schedule.Service')) }
  $service.Connect()
  $folder = $null
  try { $folder = $service.GetFolder($path) } catch { if (-not (Missing $_.Exception)) { throw } }
  if (-not $folder -and $deed -ne 'list') { $folder = $service.GetFolder('\\').CreateFolder($path, $null) }
  switch ($deed) {
    'list' {
      if ($folder) {
        foreach ($task in $folder.GetTasks(1)) { Say 'task' $task.Name $task.Xml ([int]$task.State) $task.LastTaskResult (Stamp $task.LastRunTime) (Stamp $task.NextRunTime) }
      }
    }
    'register' {
      if ($user -eq '') { $user = $null }
      $null = $folder.RegisterTask($name, $xml, 6, $user, $null, [int]$logon, $null)
    }
    'start' { $null = $folder.GetTask($name).Run($null) }
    'remove' { $folder.DeleteTask($name, 0) }
  }
  Say 'done'
} catch {
  Say 'refused' $_.Exception.Message
}
`;
