using System.Diagnostics;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Text;
using Xunit;

namespace HaloDBIntegrator.Tests;

/// <summary>The script with which the engine asks the Task Scheduler, in the real PowerShell, against a scheduler that writes down what is asked.</summary>
public sealed class SchedulerScriptTests : IDisposable
{
    private const string Scheduler = """
        class Task {
            [string] $Name; [string] $Xml; [int] $State = 3; [int] $LastTaskResult = 6
            [datetime] $LastRunTime = '1999-11-30'; [datetime] $NextRunTime = '2026-11-25 03:00'
            [object] Run([object] $with) { $global:deeds += "run $($this.Name)"; return $null }
        }
        class Folder {
            [hashtable] $Tasks = @{}
            [object[]] GetTasks([int] $flags) { return @($this.Tasks.Values) }
            [object] GetTask([string] $name) {
                if (-not $this.Tasks.ContainsKey($name)) { throw [IO.FileNotFoundException]::new('There is no such task.') }
                return $this.Tasks[$name]
            }
            [object] RegisterTask($name, $xml, $flags, $user, $password, $logon, $sddl) {
                $who = if ($null -eq $user) { 'nobody' } else { $user }
                $global:deeds += "register $name $flags $who $logon, password: $($null -ne $password)"
                $this.Tasks[$name] = [Task] @{ Name = $name; Xml = $xml }
                return $this.Tasks[$name]
            }
            [void] DeleteTask([string] $name, [int] $flags) { $this.Tasks.Remove($name) }
            [object] CreateFolder([string] $path, [object] $sddl) { $global:service.Folders[$path] = [Folder]::new(); return $global:service.Folders[$path] }
        }
        class Service {
            [hashtable] $Folders = @{ '\' = [Folder]::new() }
            [void] Connect() { }
            [object] GetFolder([string] $path) {
                if (-not $this.Folders.ContainsKey($path)) { throw [IO.FileNotFoundException]::new('There is no such folder.') }
                return $this.Folders[$path]
            }
        }
        $global:deeds = @()
        $global:service = [Service]::new()
        """;

    private static readonly string Script = ReadScript();
    private readonly Runspace runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());

    public SchedulerScriptTests()
    {
        runspace.Open();
        using var shell = PowerShell.Create(runspace);
        shell.AddScript(Scheduler).Invoke();
    }

    public void Dispose() => runspace.Dispose();

    [Fact]
    public void Registers_lists_starts_and_removes()
    {
        Assert.Equal(["done"], Ask("list").Select(words => words[0]));
        Assert.Equal(["done"], Ask("register", "5 min & 日本", "<Task>ü</Task>", "", "5").Select(words => words[0]));
        Assert.Equal(["done"], Ask("register", "hourly", "<Task/>", @"CORP\halo$", "1").Select(words => words[0]));
        var tasks = Ask("list").SkipLast(1).OrderBy(words => words[1]).ToArray();
        Assert.Equal(["task", "5 min & 日本", "<Task>ü</Task>", "3", "6", "", "2026-11-25 03:00:00"], tasks[0]);
        Assert.Equal("hourly", tasks[1][1]);
        Ask("start", "hourly");
        Ask("remove", "hourly");
        Assert.Single(Ask("list").SkipLast(1));
        Assert.Equal(
            ["register 5 min & 日本 6 nobody 5, password: False", @"register hourly 6 CORP\halo$ 1, password: False", "run hourly"],
            ((object[])runspace.SessionStateProxy.GetVariable("deeds")).Select(deed => deed.ToString()));
    }

    [Fact]
    public void Passes_on_what_is_refused()
    {
        var refused = Assert.Single(Ask("start", "nothing"));
        Assert.Equal("refused", refused[0]);
        Assert.Contains("There is no such task.", refused[1]);
    }

    private string[][] Ask(params string[] words)
    {
        var output = new StringWriter();
        runspace.SessionStateProxy.SetVariable("out", output);
        using var shell = PowerShell.Create(runspace);
        shell.AddScript(Script).Invoke(new[] { string.Join(' ', words.Prepend(@"\Halo DB Integrator").Select(word => Convert.ToBase64String(Encoding.UTF8.GetBytes(word)))) });
        return output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(line => line.Split(' ').Select(word => Encoding.UTF8.GetString(Convert.FromBase64String(word))).ToArray()).ToArray();
    }

    private static string ReadScript()
    {
        var module = new Uri(Path.Combine(Project.Folder, "node/src/schedule/scheduler-script.ts")).AbsoluteUri;
        using var process = Process.Start(new ProcessStartInfo(Project.Node, ["--no-warnings", "--input-type=module", "-e", $"process.stdout.write((await import('{module}')).schedulerScript)"])
        {
            RedirectStandardOutput = true,
        })!;
        return process.StandardOutput.ReadToEnd();
    }
}
